"""Messages in Chinese: each sentence word for word, and none of an office's left in English by oversight."""

import ast
import re
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import pairing
from pairing import reporting, wording
from pairing.__main__ import main
from pairing.areas import Area, AreaTree
from pairing.auditing import CODES, audit
from pairing.deeds import RECORDED
from pairing.entries import Paired, Retirement
from pairing.errors import ArgumentError, PolicyError, Problem, RegisterError, RosterError
from pairing.handover import relay
from pairing.linking import link_villages
from pairing.people import Helper, Household, Link, Pairing, Unit
from pairing.policy import Policy
from pairing.proposing import pair
from pairing.quotas import Quota
from pairing.register import Register
from pairing.roster import Roster
from pairing.rules import HelperRule, LinkingRules
from pairing.tables import read_roster, write_roster
from pairing.wording import LANGUAGES, told, worded

SOURCE = Path(pairing.__file__).parent
DAY = date(2012, 2, 8)
CHINESE = re.compile(r"[\u4e00-\u9fff]")

ROOMS = """
errors dates quotas areas plain people titles roster sheets sources workbooks faults tables policy rules criteria
contradictions owing entries deeds funds histories register steps findings auditing sentences terms grounds laying
linking plan proposing worth reasons explaining repairing scenarios sampling visiting appraising reporting successors
succession answering caseload handover foreseeing entering views festivals desk commands demos years records
forms store journal
""".split()  # noqa: SIM905
"""The rooms whose messages an office meets; the others are for developers."""

_KINDS = "a kind of field of an entry, which is never told"
_NUMBER = "the name of a number that programs read"
_PROOF = "a proof that does not hold is a fault of the library, for its developers"
_COLUMN = "the name of a column or a figure, which has its words in reports.toml"
_PLACE = "a place, which `told` gives"
_HELP = "what --help tells of a command or an option, beside words of the command line's parser in English"
LEFT = {
    ("store", "database is locked"): "what a database says, which is never told",
    ("store", "unable to open database file"): "what a database says, which is never told",
    ("store", "readonly database"): "what a database says, which is never told",
    ("store", "file is not a database"): "what a database says, which is never told",
    ("areas", "tuple[_Thing, ...]"): "a type",
    ("entries", "optional id"): _KINDS,
    ("entries", "optional day"): _KINDS,
    ("entries", "optional text"): _KINDS,
    ("entries", "optional amount"): _KINDS,
    ("entries", "a correction of {} others"): "a part of a repr",
    ("register", "optional id"): _KINDS,
    ("register", "optional day"): _KINDS,
    ("register", "optional text"): _KINDS,
    ("register", "optional amount"): _KINDS,
    ("terms", "soft ceilings"): _NUMBER,
    ("terms", "soft floors"): _NUMBER,
    ("terms", "households uncovered"): _NUMBER,
    ("terms", "floors of helpers"): _NUMBER,
    ("terms", "helpers of a household"): _NUMBER,
    ("worth", "soft ceilings"): _NUMBER,
    ("worth", "soft floors"): _NUMBER,
    ("worth", "households uncovered"): _NUMBER,
    ("worth", "floors of helpers"): _NUMBER,
    ("worth", "helpers of a household"): _NUMBER,
    ("successors", "not handed on"): _NUMBER,
    ("successors", "about to leave"): _NUMBER,
    ("handover", "about to leave"): _NUMBER,
    ("plan", "the spans of {} pairings are not from the day to the end of service or registration"): _PROOF,
    ("succession", "somebody has nobody, though households of others were not looked at"): _PROOF,
    ("reporting", "error rate"): _COLUMN,
    ("reporting", "paid in"): _COLUMN,
    ("reporting", "on loan"): _COLUMN,
    ("reporting", "written off"): _COLUMN,
    ("reporting", "households reached"): _COLUMN,
    ("workbooks", "{}, of ({})"): _COLUMN,
    ("workbooks", "{}, mark"): _COLUMN,
    ("tables", "{}, sheet {}"): _PLACE,
    ("sources", "{}, sheet {}"): _PLACE,
    ("sources", "wanted a data frame that can be read, got {}"): "frames come from programs",
    (
        "commands",
        "a file of records (.jsonl), rows of a spreadsheet (.csv, .xlsx), or - for records on standard input",
    ): _HELP,
    ("commands", "a folder of CSV files, a workbook (.xlsx), or a file of records (.jsonl, -)"): _HELP,
    ("commands", "a policy file (.toml) or the name of a programme"): _HELP,
    ("commands", "the day from which, or of which, it holds: YYYY-MM-DD"): _HELP,
    ("commands", "a file of records (.jsonl, -), the URL of a database, or tables of pairings"): _HELP,
    ("commands", "link the units, leaders and teams of a roster to villages"): _HELP,
    ("commands", "where the roster goes with its links: a folder, or a path ending in .xlsx"): _HELP,
    ("commands", "pair the helpers of a roster with its households"): _HELP,
    ("commands", "where pairings, shortfalls and links go: a folder, or a path ending in .xlsx"): _HELP,
    ("commands", "the book that there is: keep to its pairings; with --record, enter the new ones"): _HELP,
    ("commands", "record the plan in the book"): _HELP,
    ("commands", "tell everything that is wrong with a book on a day"): _HELP,
    ("commands", "record entries in a book: visits, aid, exits, ..."): _HELP,
    ("commands", "the entries: {}"): _HELP,
    ("commands", "find successors for all who leave, and hand their households over"): _HELP,
    ("commands", "who leaves, and what else happens: {}"): _HELP,
    ("commands", "where the entries go, as rows: a path ending in .csv or .xlsx"): _HELP,
    ("commands", "record the changes and the handover in the book"): _HELP,
    ("commands", "draw the households that are to be checked"): _HELP,
    ("commands", "a whole number, drawn in public: who has it can draw again"): _HELP,
    ("commands", "which share of the households: 1/10, 5%% (default: 1/10)"): _HELP,
    ("commands", "draw from the households that have a helper on the day, not from all"): _HELP,
    ("commands", "where the list goes: a path ending in .csv"): _HELP,
    ("demos", "build the invented population of a programme, link and pair it, verify"): _HELP,
    ("demos", "live through the years of a programme: people leave, households exit, each year is a relay"): _HELP,
    ("demos", "how many, from the first pairings on (default: 5)"): _HELP,
    ("demos", "tell the report of your book, or that of a programme's invented one"): _HELP,
    ("demos", "your roster; or the name of a programme, for an invented one"): _HELP,
    ("demos", "a policy file (.toml) or the name of a programme"): _HELP,
    ("demos", "the day up to and with which it is told: YYYY-MM-DD"): _HELP,
    ("demos", "a file of records (.jsonl, -), or the URL of a database"): _HELP,
    ("demos", "the share of the population, up to 1 (default: all)"): _HELP,
    ("demos", "other people of the same figures (default: 0)"): _HELP,
    ("years", "another employer"): "a reason in an invented entry, which is data",
    ("years", "another unit is nearer"): "a reason in an invented entry, which is data",
    ("records", "A record of pairing, version {}"): "the title of the JSON schema, which programs read",
    ("store", "PRAGMA synchronous=FULL"): "a command to the database",
    ("journal", "optional id"): _KINDS,
    ("journal", "optional text"): _KINDS,
    ("journal", "optional day"): _KINDS,
    ("journal", "optional amount"): _KINDS,
}
"""What is left in English, by room, with the reason."""

FINDINGS = """
household-without-helper
household 'y': wanted at least 1 helper, got none
贫困户'y'：应至少有1名帮扶人，实际没有
vacancy
household 'x': wanted a helper, got a vacancy since 2013-01-01, seen to by unit 'u'
贫困户'x'：应有帮扶人，自2013-01-01起空缺，由单位'u'暂管
household-below-floor
household 'x': wanted at least 2 helpers in the role 'lead', got 1
贫困户'x'：责任'lead'应至少有2名帮扶人，实有1名
household-above-ceiling
household 'x': wanted at most 1 helper in the role 'lead', got 2
贫困户'x'：责任'lead'应至多有1名帮扶人，实有2名
helper-without-household
helper 'b': wanted at least 1 household, got none
帮扶人'b'：应至少帮扶1户，实际没有
in-name-only
helper 'a', household 'x': wanted a visit in person since 2012-09-01, got the last one on 2012-08-31
帮扶人'a'、贫困户'x'：自2012-09-01起应有入户走访，最近一次为2012-08-31
below-floor
helper 'a': wanted at least 2 households, got 1
帮扶人'a'：应至少帮扶2户，实有1户
above-ceiling
helper 'a': wanted at most 1 household, got 2
帮扶人'a'：应至多帮扶1户，实有2户
below-floor-in-principle
helper 'a': wanted in principle at least 2 households, got none
帮扶人'a'：原则上应至少帮扶2户，实际没有
above-ceiling-in-principle
helper 'a': wanted in principle at most 1 household, got 2
帮扶人'a'：原则上应至多帮扶1户，实有2户
no-rule
helper 'a': wanted no household, as no rule of the policy is for this helper; got 1
帮扶人'a'：政策中没有适用于该帮扶人的规定，不应帮扶贫困户，实有1户
wrong-role
helper 'a', household 'x': wanted the role 'lead' or 'support', got 'boss'
帮扶人'a'、贫困户'x'：责任应为'lead'或'support'，实为'boss'
recorded-twice
helper 'a', household 'x': wanted one record, got two on 2012-01-01 .. 2012-05-01
帮扶人'a'、贫困户'x'：应只登记一次，实际重复登记时间为2012-01-01至2012-05-01前
gap
household 'x': wanted a helper on every day, got none on 2012-01-01 .. 2012-02-01
贫困户'x'：应每日有帮扶人，实际无人时间为2012-01-01至2012-02-01前
unknown-helper
helper 'nobody', household 'x': wanted a helper of the roster, got an id that is not in it
帮扶人'nobody'、贫困户'x'：应为名册中的帮扶人，该编号不在名册中
unknown-household
helper 'a', household text of 3 characters: wanted a household of the roster, got an id that is not in it
帮扶人'a'、贫困户（3个字符的文字）：应为名册中的贫困户，该编号不在名册中
helper-left
helper 'a', household 'x': wanted service on 2012-03-01, got service 2011-01-01 .. 2012-01-01
帮扶人'a'、贫困户'x'：应于2012-03-01任职，实际任职期为2011-01-01至2012-01-01前
unfit-helper
helper 'a': wanted no household while unfit, got 1
帮扶人'a'：不在岗期间不应帮扶贫困户，实有1户
household-not-registered
helper 'a', household 'x': wanted registration on 2012-03-01, got registration 2012-05-01 ..
帮扶人'a'、贫困户'x'：应于2012-03-01建档在册，实际建档期为2012-05-01起
span-outside-service
helper 'a', household 'x': wanted days within 2012-01-01 .. 2012-05-01, got 2012-01-01 .. 2013-01-01
帮扶人'a'、贫困户'x'：起止日期应在期限（2012-01-01至2012-05-01前）内，实为2012-01-01至2013-01-01前
span-outside-registration
helper 'a', household 'x': wanted days within 2012-01-01 .., got 2011-12-31 ..
帮扶人'a'、贫困户'x'：起止日期应在期限（2012-01-01起）内，实为2011-12-31起
outside-links
helper 'a', household 'x': wanted unit 'u' linked to village 'v', got no link
帮扶人'a'、贫困户'x'：单位'u'应联系村'v'，实际未联系
excluded-pair
helper 'a', household 'x': wanted no pairing, as the pair is excluded, got a pairing
帮扶人'a'、贫困户'x'：已指定回避，不应结对，实已结对
locked-pair-missing
helper 'a', household 'x': wanted a pairing, as the pair is locked, got none on 2012-03-01
帮扶人'a'、贫困户'x'：已锁定，应结对，2012-03-01未结对
former-helper
helper 'a', household 'x': wanted no visit from 2013-01-01, when the helper's time ended, got one on 2013-02-01
帮扶人'a'、贫困户'x'：帮扶人的责任自2013-01-01起已结束，不应再有走访，2013-02-01仍有一次
stranger
helper 'b', household 'x': wanted no visit of a helper who never was responsible, got one on 2013-02-01
帮扶人'b'、贫困户'x'：从未负责该户的帮扶人不应有走访，2013-02-01有一次
visit-too-early
helper 'b', household 'x': wanted no visit before 2013-01-01, when the helper becomes responsible, got one on 2012-12-31
帮扶人'b'、贫困户'x'：帮扶人自2013-01-01起负责该户，此前不应有走访，2012-12-31有一次
handover-late
helper 'a', household 'x': wanted the handover that was proposed on 2013-01-29 completed or declined by 2013-02-28, got proposed on 2013-01-29
帮扶人'a'、贫困户'x'：2013-01-29提出的交接应在2013-02-28前完成或谢绝，实为2013-01-29提出
duty-overdue
helper 'a', household 'x': wanted duty 'r-1', guarantee, done by 2013-02-28, got it open
帮扶人'a'、贫困户'x'：未了事项'r-1'（担保）应在2013-02-28前办结，尚未办结
exit-without-notice
household 'x': wanted 30 days of notice at least before the exit on 2013-01-01, got 29
贫困户'x'：2013-01-01脱贫退出前应至少公示30天，实为29天
same-name
helper 'b': wanted a name of its own in unit 'u', got that of helper 'a'
帮扶人'b'：在单位'u'内姓名不应与他人相同，实与帮扶人'a'同名
"""  # noqa: E501
"""A finding of each code, in English and in Chinese."""

SAID = r"""
wanted a day as YYYY-MM-DD, got '2012-2-8'
应为日期，写作YYYY-MM-DD，实为'2012-2-8'
wanted a year and a month, got '2012' and 13
应为年份和月份，实为'2012'和13
wanted a datetime.date, got '2012-02-08'
应为datetime.date，实为'2012-02-08'
wanted a Span, got 2012
应为Span，实为2012
wanted areas, got 5
应为行政区划，实为5
wanted a list of texts, got 'a'
应为文字的列表，实为'a'
a county wants a parent above it, got a village
县的上级应高于县级，实为村
wanted a table, got 5
应为表（table），实为5
wanted a list of tables, got a value of type dict
应为表（table）的列表，实为dict类型的值
<key 2>
〈第2个键〉
wanted a whole number, in at most 100 of the digits 0 to 9, got text of 2 characters
应为整数，只用数字0至9，不超过100位，实为2个字符的文字
wanted a day that exists, as YYYY-MM-DD, got '2012-02-30'
应为确有其日的日期，写作YYYY-MM-DD，实为'2012-02-30'
wanted yes or no (or 是 or 否, true or false, 1 or 0), got 'maybe'
应为是或否（或yes、no，true、false，1、0），实为'maybe'
wanted a text that has no spaces around it, got text of 3 characters
应为前后没有空格的文字，实为3个字符的文字
'u1' is its own superior, by way of its parents
'u1'经由上级又成了自己的上级
'v1' lies in itself, by way of its parents
'v1'经由上级又成了自己的下级
'620102' stands already in row 2; wanted one row each
'620102'已见于第2行，每个只应占一行
'v1' stands already in row 3; keep one of the two
'v1'已见于第3行，两行只留其一
'u1' and 'v1' are linked already in row 3; keep one of the two
'u1'与'v1'已在第3行联系，两行只留其一
'c-1' and 'h-1' are named already in row 3; keep one of the two
'c-1'与'h-1'已在第3行指定，两行只留其一
'c-1' stands already in row 3; give each its own id
'c-1'已见于第3行，每条应有自己的编号
wanted an AreaTree, got a value of type list
应为AreaTree，实为list类型的值
wanted a Ladder, got a value of type list
应为Ladder，实为list类型的值
wanted a criterion of the library's, as code is not data; got 'my own'
应为本库自带的配对标准，程序不能写成数据，实为'my own'
wanted a day before 2015-01-01, when the policy ours ends, got 2015-01-01
应为政策ours终止之日2015-01-01以前的日期，实为2015-01-01
criterion 'mine': reading a helper raised KeyError
配对标准'mine'：读取帮扶人时出错（KeyError）
wanted a function or None, got 5
应为函数或空（None），实为5
wanted a function, got 5
应为函数，实为5
wanted a whole number or None as a score, got a value of type float
得分应为整数或空（None），实为float类型的值
wanted a day after 2012-02-08, when the policy takes effect, got 2012-02-08
应晚于政策生效之日2012-02-08，实为2012-02-08
2 years of at most 3 come to 6, wanted at least 7
2年每年至多3户，共6户，应至少7户
2 years of at least 3 come to 6, wanted at most 5
2年每年至少3户，共6户，应至多5户
wanted none, as pairs that must not be made are worth nothing, got 5
回避的配对没有分值，应不填，实为5
wanted at most 3, the ceiling of helpers[0], got 5
应不高于helpers[0]的上限3，实为5
wanted a version of 'ours', got one of 'theirs'
应为'ours'的版本，实为'theirs'的版本
wanted a day after 2012-02-08, when the version before takes effect, got 2012-02-08
应晚于上一版本生效之日2012-02-08，实为2012-02-08
wanted 0, as no household takes on a helper in that role, got 1
没有贫困户接受此责任的帮扶人，应为0，实为1
wanted a rule for helpers in the role 'doctor', in which helpers are due
责任'doctor'应有帮扶人，但缺少该责任的帮扶人规定
'kin' stands there twice with the same terms; wanted it once
'kin'以相同条件出现两次，应只出现一次
never counts: criteria[0] excludes every pair that this one prefers
永不起作用：criteria[0]回避了此条所优先的所有配对
never holds: helpers[0] comes first, and fits everybody whom this one fits
永不适用：helpers[0]在前，且适用于此条所适用的所有人
never holds: households[0] comes first, and fits every household that this one fits
永不适用：households[0]在前，且适用于此条所适用的所有贫困户
wanted a rule for helpers that fits units of the level township
应有适用于乡镇级单位的帮扶人规定
wanted exactly one of months, days, festivals, seasons; got none
months、days、festivals、seasons应只填其一，一个也没填
wanted exactly one of months, days, festivals, seasons; got months and days
months、days、festivals、seasons应只填其一，实填months、days
wanted no day before 2013-01-01, when the next version takes effect, got 2012-12-01
不应早于下一版本生效之日2013-01-01，实为2012-12-01
'keep' is listed twice; wanted each aim once
'keep'列了两次，目标不应重复
wanted a kind that takes no whole villages by linking.teams, got 'team'
应为linking.teams中未规定包村的类别，实为'team'
wanted a rule for helpers that fits a team
应有适用于工作队的帮扶人规定
'visits' stands there twice; wanted each rule once
'visits'出现两次，规定不应重复
wanted at most 13 days before and after together, so that no windows overlap, got 14
节前节后合计应不超过13天，以免走访时段重叠，实为14天
wanted one of visits missed, households silent, measures not kept, handovers late, checked wrong, person-visits, household-visits, money given, measures kept, exits; got 'smiles'
应为visits missed、households silent、measures not kept、handovers late、checked wrong、person-visits、household-visits、money given、measures kept、exits之一，实为'smiles'
household 'h': wanted takers who were asked, got others
贫困户'h'：应为已征询的接手人，实为他人
wanted a Register, a Plan or pairings, got 5
应为登记簿（Register）、方案（Plan）或结对（Pairing），实为5
wanted a Pairing, got 5
应为Pairing，实为5
villages 上坪村, 下坪村, 中坪村 and 2 more have 12 households; the 4 units linked to them, 县法院, 县医院, 县水务局 and 1 more, have nobody free for them: 12 left over
上坪村、下坪村、中坪村及另外2个有12户贫困户；联系单位有4个（县法院、县医院、县水务局及另外1个），已无人可派：还剩12户无人帮扶
unit 县水务局 has 1 helper who is to have 2 households, beside 1 locked pair; the only village linked to it, 上坪村, has no household that may be paired with that helper: 2 households missing
县水务局有1名帮扶人，应帮扶2户，另有锁定1对；联系的村只有上坪村，没有可与之结对的贫困户：缺2户
villages 上坪村 and 下坪村 have 5 households, 2 of them due 2 helpers; the 2 units linked to them, 县法院 and 县医院, have no helper who may be paired with them: 2 helpers missing
上坪村、下坪村有5户贫困户，其中2户应有2名帮扶人；联系单位有2个（县法院、县医院），没有可与之结对的帮扶人：缺2名帮扶人
not linked: 2 (only units that are gathered on one village each may go there)
未联系：2（只有每个集中联系一村的单位可联系该村）
without a village: 3 (none of its helpers takes on households on that day)
没有联系村：3（当日没有承担帮扶户的帮扶人）
the own links are not in order, each once
联系点未按顺序列出，或有重复
some links that were laid down are gone
有的既定联村不见了
'u1' has a share and no village
'u1'有份额而没有联系村
'u1' is gathered on one village, but has 2
'u1'应集中联系一村，实联系2个
'v1' is not linked, though a unit may go there
有单位可联系'v1'，却未联系
the loads in 'v1' do not add up to its households
'v1'各单位帮扶户数之和不等于该村户数
'c-1' has 3 counties, wanted at most 2
'c-1'联系3个县，应至多2个
'c-1' has 2 villages, wanted one
'c-1'联系2个村，应为一个
the village of 'c-1' lies in none of its counties
'c-1'联系的村不在其联系的县内
'v1' has fewer households than its leaders want
'v1'的贫困户少于联系领导应联户数
't1' has no village
't1'没有联系村
'v1' has no team
'v1'没有工作队
'u1' has no share, or 'v1' no household: wanted no link
'u1'没有份额，或'v1'没有贫困户，不应联系
'c-1' is linked beyond where it may go
'c-1'的联系点超出可联系的范围
'v1' lies beyond where 'u1' may go
'v1'不在'u1'可联系的范围内
short of 2 helpers for households and 1 household for helpers; bottlenecks: 3
缺口：贫困户缺2名帮扶人、帮扶人缺1户；瓶颈3处
short of 1 household for helpers; bottlenecks: 1
缺口：帮扶人缺1户；瓶颈1处
wanted a Plan, got 5
应为Plan，实为5
… and 3 more
……另有3条
c-1 with h-1 is allowed, and would cost: 2 more helpers missing, 2 helpers fewer missing, 2 more households missing to helpers, 2 households fewer missing to helpers
c-1与h-1可以结对，代价为多缺2名帮扶人，少缺2名帮扶人，帮扶人多缺2户，帮扶人少缺2户
c-1 with h-1 is allowed, and would cost: 2 more households above ceilings in principle, 2 households fewer above ceilings in principle, 2 more households below floors in principle, 2 households fewer below floors in principle
c-1与h-1可以结对，代价为超过原则上限多2户，超过原则上限少2户，低于原则下限多2户，低于原则下限少2户
c-1 with h-1 is allowed, and would cost: 2 more changes, 2 changes fewer, 2 more pairs, 2 pairs fewer, preference higher by 3, preference lower by 3
c-1与h-1可以结对，代价为多2处变动，少2处变动，多2对结对，少2对结对，优先分值高3，优先分值低3
c-1 with h-1 is allowed, and would cost: loads of helpers less even (squares 4 more), loads of helpers more even (squares 4 less)
c-1与h-1可以结对，代价为帮扶户数较不均衡（平方和多4），帮扶户数较均衡（平方和少4）
c-1 with h-1 is allowed, and would cost: helpers spread less evenly over households (squares 2 more), helpers spread more evenly over households (squares 2 less)
c-1与h-1可以结对，代价为帮扶人分布较不均衡（平方和多2），帮扶人分布较均衡（平方和少2）
c-1 with h-1 is allowed, and would cost: 2 households short that come earlier in the order, 1 more pair (short then: h-1, h-2, h-3 and 1 more in place of h-9)
c-1与h-1可以结对，代价为有2户排序在前的贫困户出现缺口，多1对结对（届时h-1、h-2、h-3及另外1个出现缺口，h-9不再缺）
without this pair: nobody instead, at the cost of 1 more helper missing (short then: h-1)
如不结此对：无人替代，代价为多缺1名帮扶人（届时h-1出现缺口）
lost: c-1 with h-1, lead
失去：c-1与h-1，责任人
new: c-2 with h-1, support
新增：c-2与h-1，协助
c-1 with h-1: lead, now support
c-1与h-1：原为责任人，现为协助
wanted the id of a helper, a household, a unit or a village of the roster, got 'q'
应为名册中帮扶人、贫困户、单位或村的编号，实为'q'
without this pair: c-2 and c-3 instead, at no cost
如不结此对：由c-2、c-3替代，没有代价
no rule of the policy gives h-1 helpers in that role
政策中没有使h-1有此责任帮扶人的规定
part of a bottleneck: village 上坪村 has 1 household; no unit is linked to it: 1 left over
处于瓶颈中：上坪村有1户贫困户；没有单位联系：还剩1户无人帮扶
short of 1: village 上坪村 has 1 household; no unit is linked to it: 1 left over
缺1：上坪村有1户贫困户；没有单位联系：还剩1户无人帮扶
h-1 in village 上坪村, lead: an own link of the helper; locked: it stays
上坪村的h-1，责任人：帮扶人本人的联系点；已锁定，保持不变
c-1 (section) of unit 县水务局, lead: the unit is linked to the village; in the book; skill-to-need 2; my own 3; 2 helpers are interchangeable here, the order of ids decided among them
县水务局的c-1（乡科级正职），责任人：单位联系该村；台账中已有；特长对需求得2分；my own得3分；有2名帮扶人条件相同，按编号顺序确定
c-1 and h-1 are excluded by name
c-1与h-1已指定回避
c-1 and h-1 are excluded: 亲属
c-1与h-1已指定回避：亲属
c-1 took on h-1 in an earlier year that the quota counts
c-1在计入指标的往年已帮扶h-1
household h-1 in village 上坪村, difficulty 3 is due 1 to 2 helpers in the role lead (households[0]: 第五条) and has 0: 1 below the floor
上坪村的贫困户h-1（困难程度3）责任“责任人”应有1至2名帮扶人（households[0]: 第五条），实有0名：低于下限1
household h-1 in village 上坪村, difficulty 3 takes no part: h-1 is not registered on 2012-02-08
上坪村的贫困户h-1（困难程度3）不参加：h-1在2012-02-08未建档
helper c-1 (section) of unit 县水务局 takes on at least 1 household in principle in the role lead (helpers[0]) and has 3: above the ceiling, which holds in principle
县水务局的帮扶人c-1（乡科级正职）在责任“责任人”中原则上应帮扶至少1户（helpers[0]），实有3户：超过上限，上限仅为原则性
helper c-1 (section) of unit 县水务局 takes no part: c-1 does not serve on 2012-02-08
县水务局的帮扶人c-1（乡科级正职）不参加：c-1在2012-02-08不任职
c-1 serves in the role lead, in which no rule gives h-1 helpers
c-1的责任为责任人，没有规定使h-1有此责任的帮扶人
c-1 may be paired with 2 at most, and are locked with 2
c-1至多结对2个，已锁定2个
helper c-1 of unit 县水务局: 1 household above the ceiling in the role lead
县水务局的帮扶人c-1：责任“责任人”超过上限1户
household h-1 in village 上坪村: 2 helpers above the ceiling
上坪村的贫困户h-1：超过上限2名帮扶人
unit 县水务局 and village 上坪村: 1 pair outside the links
单位县水务局与上坪村：联村范围外1对
c-1 stays short of 2 in the role lead: there are too few for a pair
c-1责任“责任人”仍缺2，可结对者不足
wanted a Policy, or several by name, got none
应为Policy，或按名称给出的若干个，实为无
wanted names, each with a Roster, got 5
应为若干名称，各带一个Roster，实为5
wanted UTF-8 or GB18030; counted from 0, byte 3 is not UTF-8 and byte 5 is not GB18030
文字编码应为UTF-8或GB18030；从0数起，第3字节不是UTF-8，第5字节不是GB18030
wanted pairings, got 5
应为结对（Pairing），实为5
wanted the titles helper, household, role, start, end; got none of them. Maybe the cells are put apart by semicolons, and should be by commas
表头应为helper、household、role、start、end，实际无一相符，单元格可能以分号分隔，应改用逗号
wanted a gzipped file that can be read, got one that is not gzipped, or damaged
应为可读取的gzip压缩文件，实为未经gzip压缩或已损坏的文件
wanted a file that can be read, got more than 1,073,741,824 bytes
应为可读取的文件，实为超过1,073,741,824字节的文件
wanted a whole number of at most 100 digits, got 'x'
应为不超过100位的整数，实为'x'
wanted a Fraction above 0 and up to 1, such as Fraction(1, 10); got 3/2
应为大于0且不大于1的分数，如Fraction(1, 10)，实为3/2
wanted a text that can be printed, without spaces around it, got nothing
应为可打印且前后没有空格的文字，未填
wanted a SpotCheck, got nothing
应为SpotCheck，未填
上坪村: 13 of 62
上坪村：13/62
… and 3 clusters more, in .by_cluster
……另有3个分组，见.by_cluster
wanted a whole number from 1 as a weight, got 0
权重应为不小于1的整数，实为0
wanted occasions, got 5
应为应访事项，实为5
wanted a DueVisit, got 5
应为DueVisit，实为5
wanted a text or None, got 5
应为文字或空（None），实为5
wanted a Span that has an end, or None, got 2012
应为有结束日期的时段（Span）或空（None），实为2012
wanted a figure that is known, got none for coverage.households
应为已知的数据，coverage.households没有数据
wanted amounts, got 3 of 8 (37.5%)
应为数量，实为3/8（37.5%）
Retirement: several take over jointly
退休：多人共同接手
the service ends: others stay responsible
任职结束：其他帮扶人继续负责
the book has an end
台账载明结束日期
the book names nobody
台账未载明接手人
others are responsible
另有其他帮扶人负责
2013-06-30 household h-2: ann and bo → cy (unit) and di (volunteer), jointly: Retirement
2013-06-30 贫困户h-2：ann、bo → cy（本单位）、di（主动认领），共同接手：退休
2013-06-30 household h-3: ann → cy (former): to make room
2013-06-30 贫困户h-3：ann → cy（前任）：为腾出名额
2013-06-30 household h-4: vacancy, seen to by court
2013-06-30 贫困户h-4：空缺，由court暂管
4 households can go to 4 helpers only, who have no room for all; one household more for ann, bo, cy or 1 others would help, or a link of another unit to the village
4户只能由4名帮扶人接手，无法全部容纳；ann、bo、cy及另外1个多接一户，或增加联系该村的单位，可以解决
nobody whom the ladder (volunteer, unit) names may take it over; a link of another unit to the village would help, or another rung of the ladder
接续顺序（主动认领、本单位）中无人可接手；增加联系该村的单位或增加接续顺序可以解决
wanted changes, got 5
应为变动，实为5
wanted a change, got 5
应为变动（Change），实为5
wanted years within the calendar, got 9999
年数超出历法范围，实为9999
wanted a number of years from 1, got 0
应为不小于1的年数，实为0
… and 3 more units
……另有3个单位
by the plan of 2012-02-08
按2012-02-08的方案
wanted a Plan or pairings, got 5
应为方案（Plan）或结对（Pairing），实为5
visits: 3 visits missed shared by 2, 15 deducted: 45 of 60 (floor)
visits：应访未访3次，由2人分摊，扣15分：45分（满分60分，扣完为止）
money: over 1,190,000.00 yuan, 10 added: 10 of 10 (cap)
money：超过1,190,000.00元，加10分：10分（满分10分，加满为止）
half-year, 2012-01-01 .. 2012-06-30, weight 30, served 2012-01-01 .. 2012-03-31, 2012-05-01 .. 2012-06-30: 79.5 of 100
half-year，2012-01-01至2012-06-30，权重30，任职2012-01-01至2012-03-31、2012-05-01至2012-06-30：79.5分（满分100分）
helper '帮-17', household '户-204': wanted a helper of the roster, got an id that is not in it, first in a visit on 2013-02-01
帮扶人'帮-17'、贫困户'户-204'：应为名册中的帮扶人，该编号不在名册中，首次见于2013-02-01的走访
helper 'a', household '户-204': wanted a household of the roster, got an id that is not in it, first in a visit on 2013-02-01
帮扶人'a'、贫困户'户-204'：应为名册中的贫困户，该编号不在名册中，首次见于2013-02-01的走访
helper '帮-17', household 'x': wanted a helper of the roster, got an id that is not in it, in a pairing from 2012-02-08
帮扶人'帮-17'、贫困户'x'：应为名册中的帮扶人，该编号不在名册中，见于2012-02-08起的结对
helper 'a', household '户-204': wanted a household of the roster, got an id that is not in it, in a pairing from 2012-02-08
帮扶人'a'、贫困户'户-204'：应为名册中的贫困户，该编号不在名册中，见于2012-02-08起的结对
helper 'c-1', household <identity number>: wanted a helper of the roster, got an id that is not in it
帮扶人'c-1'、贫困户（〈身份证号〉）：应为名册中的帮扶人，该编号不在名册中
wanted at least the floor, 2, got 1
应不低于下限2，实为1
wanted a number of months from 1, got 0
应为不小于1的月数，实为0
wanted a text that is not empty, got nothing
应为非空文字，未填
wanted a text without spaces around it, got nothing
应为非空且前后没有空格的文字，未填
helper 'ann': wanted one of the changes of rank on 2012-03-05, got several
帮扶人'ann'：2012-03-05只应有一次职级变动，实有多次
helper 'ann': wanted one of the changes of fitness on 2012-03-05, got several
帮扶人'ann'：2012-03-05只应有一次在岗情况变动，实有多次
helper 'ann': wanted one of the ends of service on 2012-03-05, got several
帮扶人'ann'：2012-03-05只应有一次任职结束，实有多次
household 'h1': wanted one of its ends in the programme on 2012-03-05, got several
贫困户'h1'：2012-03-05只应有一次离开帮扶活动，实有多次
household 'h1': wanted one of its exits and relapses on 2012-03-05, got several
贫困户'h1'：2012-03-05只应有一次退出或返贫，实有多次
household 'h': wanted a joint visit before the handover is completed, or a reason, got neither
贫困户'h'：完成交接前应共同走访，或说明理由，两者都没有
helper 'a', household 'x': wanted no pairing, as a criterion excludes the pair, got a pairing
帮扶人'a'、贫困户'x'：按配对标准应回避，不应结对，实已结对
wanted a Roster, got 5
应为Roster，实为5
wanted a year as a whole number, got '2012'
应为整数年份，实为'2012'
wanted one of hand over, keep; got 'stay'
应为hand over、keep之一，实为'stay'
wanted one of floor, ceiling, role, others, difficulty, source
应为floor、ceiling、role、others、difficulty、source之一
helper 'a', household 'x': wanted the role 'lead', got 'boss'
帮扶人'a'、贫困户'x'：责任应为'lead'，实为'boss'
helper 'a', household 'x': wanted the role 'lead' or 'doctor' or 'support', got 'boss'
帮扶人'a'、贫困户'x'：责任应为'lead' or 'doctor' or 'support'之一，实为'boss'
household 'x': wanted 30 days of notice at least before the exit on 2013-01-01, got none
贫困户'x'：2013-01-01脱贫退出前应至少公示30天，实为0天
wanted an end after 2012-02-08, got 2012-02-08
结束日期应晚于2012-02-08，实为2012-02-08
wanted HandoverRules, got 5
应为HandoverRules，实为5
wanted VisitRules, got 5
应为VisitRules，实为5
wanted AppraisalRules, got 5
应为AppraisalRules，实为5
wanted the titles id, name, level, area, parent; got an empty file
表头应为id、name、level、area、parent，文件为空
wanted the titles id, name; got none of them. Maybe the cells are put apart by tabs, and should be by commas
表头应为id、name，实际无一相符，单元格可能以制表符分隔，应改用逗号
wanted the titles id, name; got none of them. Maybe the cells are put apart by semicolons, and should be by commas. Maybe the cells are put apart by tabs, and should be by commas
表头应为id、name，实际无一相符，单元格可能以分号或制表符分隔，应改用逗号
wanted the titles id, name; got none of them
表头应为id、name，实际无一相符
wanted a name, got 5
应为名称，实为5
wanted a frozenset of texts, got a value of type list
应为文字的集合（frozenset），实为list类型的值
wanted values, got 5
应为若干值，实为5
criterion 'mine': wanted a household to be read as a value that can be hashed and compared
配对标准'mine'：从贫困户读出的值应可散列、可比较
criterion 'mine': wanted a link to be read as a value that can be hashed and compared
配对标准'mine'：从联村读出的值应可散列、可比较
criterion 'mine': wanted a helper to be read as a value that can be hashed and compared
配对标准'mine'：从帮扶人读出的值应可散列、可比较
the links are not in order, each once
联村未按顺序列出，或有重复
some own links that were laid down are gone
有的既定联系点不见了
2 helpers may be paired with it; none of them has as many helpers as allowed
可与该户结对的有2名帮扶人；均未满额
without this pair: nobody instead, at no cost
如不结此对：无人替代，没有代价
2013-06-30 household h-1: ann → bo (superior): return
2013-06-30 贫困户h-1：ann → bo（上级单位）：返岗
2013-06-30 household h-1: ann → bo (superior): Leave
2013-06-30 贫困户h-1：ann → bo（上级单位）：请假
2013-06-30 household h-1: nobody → bo (division): Return
2013-06-30 贫困户h-1：无人 → bo（本科室）：返岗
2013-06-30 household h-1: ann → bo (linked): Unfitness
2013-06-30 贫困户h-1：ann → bo（联系单位）：不能在岗
2013-06-30 household h-1: ann → bo (linked): Recovery
2013-06-30 贫困户h-1：ann → bo（联系单位）：恢复在岗
2013-06-30 household h-1: ann → bo (linked): RankChange
2013-06-30 贫困户h-1：ann → bo（联系单位）：职级变动
2013-06-30 household h-1: ann → bo (linked): Split
2013-06-30 贫困户h-1：ann → bo（联系单位）：分户
2013-06-30 household h-1: ann → bo (linked): HouseholdMerger
2013-06-30 贫困户h-1：ann → bo（联系单位）：并户
2013-06-30 household h-1: ann → bo (linked): Refill
2013-06-30 贫困户h-1：ann → bo（联系单位）：补充帮扶户
unit court: 2013-06-30 .. dissolved
单位court：2013-06-30起已撤销
helper c-1 (section) of unit 县水务局 takes on 1 to 3 households in principle (helpers[0]) and has 3: at the ceiling
县水务局的帮扶人c-1（乡科级正职）原则上应帮扶1至3户（helpers[0]），实有3户：已达上限
helper c-1 (section) of unit 县水务局 takes on 1 household in the role lead (helpers[0]) and has 1: at the floor
县水务局的帮扶人c-1（乡科级正职）在责任“责任人”中应帮扶1户（helpers[0]），实有1户：恰为下限
helper c-9: nothing recorded
帮扶人c-9：没有登记
household h-1 in village 上坪村 is due at least 2 helpers in the role lead (households[0]) and has 2: above the floor
上坪村的贫困户h-1责任“责任人”应有至少2名帮扶人（households[0]），实有2名：高于下限
household h-1 in village 上坪村: 1 helper above the ceiling in the role lead
上坪村的贫困户h-1：责任“责任人”超过上限1名帮扶人
household h-9: nothing recorded
贫困户h-9：没有登记
unit court, linked to 0 villages
court，联系0个村
unit court: nothing recorded
单位court：没有登记
village v, linked to 0 units
v，联系单位0个
village v: nothing recorded
村v：没有登记
nobody q: nothing recorded
q：没有登记
wanted polars (pip install polars), got no module polars
应安装polars（pip install polars），未找到模块polars
wanted a gzipped file that can be read, got the error 'Permission denied'
应为可读取的gzip压缩文件，遇到系统错误'Permission denied'
wanted UTF-8 or GB18030; counted from 0, byte 3 is not UTF-8
文字编码应为UTF-8或GB18030；从0数起，第3字节不是UTF-8
helper 'a': wanted in principle at least 2 households, got 1
帮扶人'a'：原则上应至少帮扶2户，实有1户
household 'x': wanted at least 2 helpers, got 1
贫困户'x'：应至少有2名帮扶人，实有1名
household 'x': wanted at most 1 helper, got 2
贫困户'x'：应至多有1名帮扶人，实有2名
units 县水务局 and 县法院 have 3 helpers who are to have 3 households; the 2 villages linked to them, 上坪村 and 下坪村, have room for 1: 2 missing
县水务局、县法院有3名帮扶人，应帮扶3户；联系的村有2个（上坪村、下坪村），尚可结对1户：缺2户
units 县水务局 and 县法院 have 3 helpers who are to have 3 households; the 2 villages linked to them, 上坪村 and 下坪村, have no household that may be paired with them: 3 missing
县水务局、县法院有3名帮扶人，应帮扶3户；联系的村有2个（上坪村、下坪村），没有可与之结对的贫困户：缺3户
village 上坪村 has 3 households, which are due 6 helpers, beside 2 locked pairs; the only unit linked to it, 县水务局, can give them 4: 2 helpers missing
上坪村有3户贫困户，应有6名帮扶人，另有锁定2对；联系单位只有县水务局，可派出4名：缺2名帮扶人
one household more for bo would help, or a link of another unit to the village
bo多接一户，或增加联系该村的单位，可以解决
2 households can go to 1 helper only, who has no room for all
2户只能由1名帮扶人接手，无法全部容纳
message 3
短信3户
letter 3
书信3户
card 3
联系卡3户
leaflet 3
宣传单3户
money: nearly 1,190,000.00 yuan, 10 added: 10 of 10
money：近1,190,000.00元，加10分：10分（满分10分）
money: about 1,190,000.00 yuan shared by 3, 5 added: 5 of 10
money：约1,190,000.00元，由3人分摊，加5分：5分（满分10分）
money: 1,190,000.00 yuan shared by 3, 10 added: 10 of 10 (cap)
money：1,190,000.00元，由3人分摊，加10分：10分（满分10分，加满为止）
silence: 3 households silent, 15 deducted: 0 of 10 (floor)
silence：无人走访3户次，扣15分：0分（满分10分，扣完为止）
measures: 2 measures not kept, 4 deducted: 6 of 10
measures：未兑现措施2项，扣4分：6分（满分10分）
handovers: 1 handovers late, 1 deducted: 9 of 10
handovers：逾期交接1次，扣1分：9分（满分10分）
visits: 12 household-visits, 2 added: 2 of 10
visits：走访12户次，加2分：2分（满分10分）
measures: 3 measures kept, 3 added: 3 of 10
measures：兑现措施3项，加3分：3分（满分10分）
exits: 3 exits, 3 added: 3 of 10
exits：脱贫3户，加3分：3分（满分10分）
c-1 may be paired with 2 at most
c-1至多结对2个
Outlook('ours', no years, 0 leavers, 0 households, 0 vacancies, 0 units without room)
前瞻'ours'，无年度：离任0名，移交0户，空缺0户，0个单位无余额
wanted a file that can be read, got something else
应为可读取的文件，实为其他东西
1 household may be paired with c-1; none of them has as many households as allowed
可与c-1结对的有1户；均未满额
wanted the path of a folder or a workbook, or frames by name, got 5
应为文件夹或工作簿的路径，或按名称给出的数据框，实为5
wanted the path of a folder or a workbook, got 5
应为文件夹或工作簿的路径，实为5
wanted the path of a workbook, ending in .xlsx, got 5
应为以.xlsx结尾的工作簿路径，实为5
wanted frames by the names areas, units, helpers, each once; got 'pigs'
应按名称areas、units、helpers给出数据框，各一个，实为'pigs'
wanted a frame 'areas', got none
应有数据框'areas'，没有
wanted one sheet units, got 2 that are called so
应只有一个units工作表，实有2个同名的
wanted a sheet units (or 单位), got none
应有工作表units（或单位），没有
wanted a sheet that can be read, got the error 'KeyError'
应为可读取的工作表，遇到系统错误'KeyError'
wanted a sheet that can be read, got more than 20,000,000 cells
应为可读取的工作表，实为超过20,000,000个单元格的表
wanted a sheet that can be read, got one that is damaged
应为可读取的工作表，实为已损坏的表
wanted a workbook that can be read, got the error 'Permission denied'
应为可读取的工作簿，遇到系统错误'Permission denied'
wanted a workbook that can be read, got one that a password locks
应为可读取的工作簿，实为有密码保护的工作簿
wanted a workbook that can be read, got one that is no workbook, or damaged
应为可读取的工作簿，实为并非工作簿或已损坏的文件
wanted a workbook, got none
应有工作簿，未找到
wanted to write a workbook; got the error 'Permission denied'
应写入工作簿，遇到系统错误'Permission denied'
wanted each cell by itself, got cells of rows 2 to 5 that are merged
单元格不应合并，第2至5行有合并的单元格
wanted a text, as a spreadsheet loses digits of long numbers; got a number of very many digits
电子表格会丢失长数字的末位，应为文字，实为位数极多的数
wanted a text, as a spreadsheet loses digits of long numbers; got a number of 18 digits
电子表格会丢失长数字的末位，应为文字，实为18位的数
wanted a text, got an error of the spreadsheet, such as #N/A
应为文字，实为电子表格错误值，如#N/A
wanted a text, got an error of the spreadsheet, #REF!
应为文字，实为电子表格错误值#REF!
wanted a text, got a time of day
应为文字，实为带时刻的值
wanted a text, got a time in a time zone
应为文字，实为带时区的时刻
wanted a text, got a day
应为文字，实为日期
wanted a text, got true
应为文字，实为true
wanted a text, got false
应为文字，实为false
wanted a text or a whole number, got 3.5
应为文字或整数，实为3.5
wanted at most 1,048,575 rows in a sheet, got 2,000,000
工作表应不超过1,048,575行，实有2,000,000行
wanted a text that a workbook gives back, of at most 32,767 characters; got one of 40,000
应为工作簿能原样保存的文字，且不超过32,767个字符，实有40,000个
wanted tables by the names of their sheets, got 5
应按工作表名称给出表，实为5
wanted names of sheets, of at most 31 characters, without []:*?/\ and each once; got 'a'
工作表名称应不超过31个字符，不含[]:*?/\且不重复，实为'a'
wanted a Table or findings, got 5
应为表（Table）或问题（Finding），实为5
wanted a datetime.date or None, got 5
应为日期（datetime.date）或空（None），实为5
wanted True or False, got 5
应为是（True）或否（False），实为5
wanted to write areas.csv, units.csv; got the error 'Permission denied'
应写入areas.csv、units.csv，遇到系统错误'Permission denied'
620102 stands already in row 2; wanted one row each
620102已见于第2行，每个只应占一行
620102 lies in itself, by way of its parents
620102经由上级又成了自己的下级
1.00 to 11.10, 1.05 in all
1.00至11.10，总体1.05
wanted a whole number from 1, got False
应为不小于1的整数，实为否（False）
wanted a whole number from 1, got True
应为不小于1的整数，实为是（True）
wanted amounts, got 0 of 0
应为数量，实为0/0
293 of at least 290
293（最少290）
helper ann, 2012: 50 of 60
帮扶人ann，2012年：50分（满分60分）
more
更多
year, 2012-01-01 .. 2012-12-31, weight 100: 11.67 of 62
year，2012-01-01至2012-12-31，权重100：11.67分（满分62分）
done: 2 person-visits, 2 added: 1 of 1 (cap)
done：走访2人次，加2分：1分（满分1分，加满为止）
wanted a year in which the policy ours is in force, got 2011
应为政策ours施行的年份，实为2011
wanted a number of entries from 0 to 1, got 5
应为0至1的条目数，实为5
wanted a policy with items of appraisal in 2012, got ours, which has none
应为2012年有考核项目的政策，ours没有
wanted a year in parts of which the policy ours is in force, got 2012
应为政策ours在其分段内施行的年份，实为2012
household 'x': wanted exactly 1 helper who bears the role 'lead', got none
贫困户'x'：应恰有1名帮扶人担任责任'lead'，实际没有
household 'x': wanted exactly 1 helper who bears the role 'lead', got 2
贫困户'x'：应恰有1名帮扶人担任责任'lead'，实有2名
helper 'a', household 'x': wanted the role none, as no rule is for the household, got 'lead'
帮扶人'a'、贫困户'x'：没有适用于该户的规定，不应有责任，实为'lead'
helper 'a', household 'x': wanted one record, got two on all days
帮扶人'a'、贫困户'x'：应只登记一次，实际重复登记时间为全部日期
household '户二': wanted a name of its own in village 'v', got that of household '户一'
贫困户'户二'：在村'v'内姓名不应与他户相同，实与贫困户'户一'同名
household 'x': wanted at least 1 helper in the role 'doctor', got none
贫困户'x'：责任'doctor'应至少有1名帮扶人，实际没有
helper 'a', household 'x': wanted a household in a village to which the helper is linked personally, got one in village 'v'
帮扶人'a'、贫困户'x'：应为帮扶人本人联系点所在村的贫困户，实为村'v'的贫困户
helper 'a', household 'x': wanted a visit in person since 2012-09-01, got none
帮扶人'a'、贫困户'x'：自2012-09-01起应有入户走访，实际没有
helper 'a', household 'x': wanted service on 2013-03-01, got service .. 2012-06-01
帮扶人'a'、贫困户'x'：应于2013-03-01任职，实际任职期为2012-06-01前
helper 'a': wanted no household while on leave 2013-01-01 .. 2013-04-01, got 1
帮扶人'a'：请假期间（2013-01-01至2013-04-01前）不应帮扶贫困户，实有1户
helper 'a', household 'x': wanted no visit before 2012-02-08, when the helper's service begins, got one on 2012-02-07
帮扶人'a'、贫困户'x'：帮扶人自2012-02-08起任职，此前不应有走访，2012-02-07有一次
helper 'a', household 'x': wanted no visit before 2012-02-08, when the household is registered, got one on 2012-02-07
帮扶人'a'、贫困户'x'：该户自2012-02-08起建档，此前不应有走访，2012-02-07有一次
household 'x': wanted duty text of 5 characters, revisit, done by 2013-02-01, got it open, borne by unit 'u'
贫困户'x'：未了事项（5个字符的文字）（回访）应在2013-02-01前办结，尚未办结，承担单位为'u'
household 'x': wanted 30 days of notice at least before the exit on 2013-01-01, got no notification
贫困户'x'：2013-01-01脱贫退出前应至少公示30天，实际未公示
certificate: 5 problems
最优性证明：5个问题
wanted the code of an area, got 'v'
应为已有行政区划的编号，实为'v'
wanted a Span that has an end, got a value of type Span
应为有结束日期的时段（Span），实为Span类型的值
wanted the extra charts (pip install 'pairing[charts]'), got no module altair
应安装附加组件charts（pip install 'pairing[charts]'），未找到模块altair
wanted the key of a unit, got 'w'
应为已有单位的编号，实为'w'
wanted the key of an area of level village, got 'nowhere'
应为已有的村级行政区划编号，实为'nowhere'
wanted either links.csv or links.csv.gz, got neither
links.csv与links.csv.gz应有其一，两个都没有
scoring two readings raised KeyError
计算得分时出错（KeyError）
wanted the same helper to be read the same twice
同一帮扶人两次读出的值应相同
wanted a whole number from 0, got nothing
应为不小于0的整数，未填
wanted an Area, got text of 3 characters
应为Area，实为3个字符的文字
wanted one of province, prefecture, county, township, village, got 'hamlet'
应为province（省）、prefecture（市）、county（县）、township（乡镇）、village（村）之一，实为'hamlet'
wanted characters that can be printed, got another in text of 3 characters
应为可打印的字符，3个字符的文字中有其他字符
wanted a Span or None, got 2012
应为Span或空（None），实为2012
wanted the key of a helper, got 'q'
应为已有帮扶人的编号，实为'q'
wanted the key of a household, got text of 18 characters
应为已有贫困户的编号，实为18个字符的文字
wanted the key of an area of level county or village, got 'q'
应为已有的县级或村级行政区划编号，实为'q'
… and 1,184 more, in .problems
……另有1,184个，见.problems
wanted the key of an area, got 'y'
应为已有行政区划的编号，实为'y'
wanted whole numbers from 0, got nothing
应为不小于0的整数，未填
bo has own links, and none to village 上坪村
bo有本人的联系点，但不含上坪村
no rule of the policy fits x3
政策中没有适用于x3的规定
helper ann (section) of unit 县水务局 takes on 1 household (helpers[0]: § 3) and has 1: at the ceiling
县水务局的帮扶人ann（乡科级正职）应帮扶1户（helpers[0]: § 3），实有1户：已达上限
2 households may be paired with ann; 2 of them have as many helpers as allowed
可与ann结对的有2户；其中2户的帮扶人已满额
without this pair: x3 instead, at the cost of preference lower by 2
如不结此对：由x3替代，代价为优先分值低2
household x4 in village 上坪村 takes no part: x4 is not registered on 2012-02-08
上坪村的贫困户x4不参加：x4在2012-02-08未建档
household y1 in village 下坪村 is due 1 helper (households[0]) and has 1: at the ceiling
下坪村的贫困户y1应有1名帮扶人（households[0]），实有1名：已达上限
unit 县农业局, linked to 1 village: 下坪村
县农业局，联系1个村：下坪村
village 上坪村, linked to 1 unit: 县水务局
上坪村，联系单位1个：县水务局
ann is paired with x1, as lead
ann与x1已结对，责任为责任人
eve is not fit
eve不在岗
unit 县水务局 is not linked to village 下坪村
单位县水务局不联系下坪村
the criterion shared-language excludes ann with x2
按配对标准语言相通，ann与x2应回避
cy with x3 would cost nothing: the order of ids decided
cy与x3结对没有代价，按编号顺序确定
wanted a year from 1900 to 2100, got 1899
应为1900至2100的年份，实为1899
Outlook('ours', 2013-01-01 .. 2016-01-01, 4 leavers, 2 households, 1 vacancies, 1 units without room)
前瞻'ours'，2013-01-01至2016-01-01前：离任4名，移交2户，空缺1户，1个单位无余额
fund 'city': wanted 500 fen more to be there on 1995-10-01
周转金'city'：1995-10-01资金不足，还差500分
helper 'ann': wanted at most 1 to be locked, got 2
帮扶人'ann'：锁定至多1对，实有2对
'p0' and 'b00' are locked, but unit 'p' is not linked to village 'b'
'p0'与'b00'已锁定，但单位'p'不联系村'b'
'p0' and 'a00' are locked, but no rule of the policy fits
'p0'与'a00'已锁定，但政策中没有适用的规定
wanted a rank of the policy's ladder (chief, hand), got 'staff'
应为政策职级序列中的职级（chief、hand），实为'staff'
for the role sponsor: village 上坪村 has 3 households; the only unit linked to it, 县水务局, can carry 1: 2 left over
责任“sponsor”：上坪村有3户贫困户；联系单位只有县水务局，可承担1户：还剩2户无人帮扶
for the role sponsor: unit 县水务局 has 1 helper who is to have 2 households; the only village linked to it, 上坪村, has room for 1: 1 missing
责任“sponsor”：县水务局有1名帮扶人，应帮扶2户；联系的村只有上坪村，尚可结对1户：缺1户
village 上坪村 has 9 households; the 2 units linked to it, 县水务局 and 县农业局, can carry 6: 3 left over
上坪村有9户贫困户；联系单位有2个（县水务局、县农业局），可承担6户：还剩3户无人帮扶
village 上坪村 has 3 households; the only unit linked to it, 县水务局, has no helper who may be paired with them: 3 left over
上坪村有3户贫困户；联系单位只有县水务局，没有可与之结对的帮扶人：还剩3户无人帮扶
village 上坪村 has 3 households, which are due 6 helpers; the 2 units linked to it, 县水务局 and 县农业局, can give them 4: 2 helpers missing
上坪村有3户贫困户，应有6名帮扶人；联系单位有2个（县水务局、县农业局），可派出4名：缺2名帮扶人
unit 县水务局 has 2 helpers who are to have 2 households; no village is linked to it: 2 missing
县水务局有2名帮扶人，应帮扶2户；没有联系的村：缺2户
village 上坪村 has 2 households, 1 of them due 1 helper, beside 1 locked pair; the only unit linked to it, 县水务局, has nobody free for it: 1 helper missing
上坪村有2户贫困户，其中1户应有1名帮扶人，另有锁定1对；联系单位只有县水务局，已无人可派：缺1名帮扶人
wanted weights that come to 100, got 90
权重合计应为100，实为90
wanted a month from 1 to 12, got 0
应为1至12月，实为0
wanted a month from 7, the first one, got 6
应不早于首月7月，实为6月
wanted 'support', as in the first rule for the role 'lead', got 'second'
应与责任'lead'的第一条规定一致，为'support'，实为'second'
wanted a name that is no role of the policy, got 'lead'
应为政策责任名称以外的名称，实为'lead'
wanted LinkingRules or None, got 5
应为LinkingRules或空（None），实为5
wanted none, as the rule names no festivals, got 3
此条规定没有节日，应不填，实为3
wanted the first day and the last as MM-DD/MM-DD, got '03-15/05-32'
应为首日和末日，写作MM-DD/MM-DD，实为'03-15/05-32'
wanted an entry to record, got 'ann'
应为可登记的条目，实为'ann'
wanted at most 50 corrections one upon the other, got more
层层更正应不超过50次，实已超过
wanted the entry that has the id 'v' already, got another
编号'v'已有条目，应与之相同，实为另一条
wanted an entry that is not taken back, got that of position 0; take the correction back, or give the entry an id of its own
应为未被更正撤回的条目，实为序号0的条目；应撤回该更正，或给条目另编编号
wanted an entry that counts, got that of position 0
应为有效的条目，实为序号0的条目
wanted one correction of an entry, got another in row 0
一个条目只应更正一次，第0行已有一次
household 'h1', helper 'ann': wanted a start while not responsible as 'lead', got 2012-03-05, responsible since 2012-03-01
贫困户'h1'、帮扶人'ann'：尚未担任责任'lead'时才能开始，2012-03-05开始时自2012-03-01起已在任
household 'h1', helper 'bo': wanted an end after a start as 'lead', got 2012-03-05, not responsible
贫困户'h1'、帮扶人'bo'：责任'lead'应先开始后结束，2012-03-05结束时并未在任
household 'h1', helper 'bo': wanted an end after a start as 'lead', got 2012-03-02, since 2012-03-03
贫困户'h1'、帮扶人'bo'：责任'lead'应先开始后结束，实为2012-03-02结束、2012-03-03开始
household 'h1': wanted the giver to stay on after 2012-03-05, got until 2012-03-05
贫困户'h1'：移交人应留任至2012-03-05以后，实为留任至2012-03-05
household 'h1': wanted takers who are different people, and not the giver, on 2012-03-05
贫困户'h1'：2012-03-05的接手人应各不相同，且不是移交人
household 'h1': wanted one taker at least on 2012-03-05, got none
贫困户'h1'：2012-03-05应至少有一名接手人，没有
household 'h1': wanted a helper or a vacancy from 2012-03-05, got nobody
贫困户'h1'：自2012-03-05起应有帮扶人或登记空缺，两者都没有
household 'h1': wanted a vacancy while nobody is responsible, got one on 2012-03-05
贫困户'h1'：无人负责时才应登记空缺，2012-03-05登记空缺时有人负责
household 'h1': wanted one vacancy at a time, got another on 2012-03-07
贫困户'h1'：同时只应有一个空缺，2012-03-07又有一个
household 'h1': wanted a vacancy to be closed on 2012-03-05, got none
贫困户'h1'：2012-03-05应有空缺可供结束，没有
household 'h1': wanted one exit, got 2012-03-05 and 2012-03-05
贫困户'h1'：只应脱贫退出一次，实为2012-03-05和2012-03-05
household 'h1': wanted other households to come of it on 2012-03-05, got itself
贫困户'h1'：2012-03-05应分出或并入其他贫困户，实为自身
household 'h1': wanted other households to come of it on 2012-03-05, got none
贫困户'h1'：2012-03-05应分出或并入其他贫困户，没有
household 'h1': wanted no pairing from 2012-03-05, when it left the programme, got one on 2012-03-05
贫困户'h1'：该户自2012-03-05起已离开帮扶活动，不应再结对，2012-03-05仍有一次
household 'h1': wanted nothing from 2012-03-05, when it left the programme, got Move on 2012-03-06
贫困户'h1'：该户自2012-03-05起已离开帮扶活动，不应再有登记，2012-03-06有迁居
household 'h1': wanted an exit before it falls back on 2012-03-05, got none
贫困户'h1'：2012-03-05返贫之前应有脱贫退出，没有
household 'h1': wanted it to be notified before 2012-03-05, got 2012-03-06
贫困户'h1'：应在2012-03-05前公示，实为2012-03-06
household 'h1': wanted duty 'r' to be due from 2012-03-05, got 2012-03-04
贫困户'h1'：未了事项'r'的期限应不早于2012-03-05，实为2012-03-04
household 'h1', helper 'ann': wanted the goal to be met, or an override that says why, for a release on 2012-03-09, got neither
贫困户'h1'、帮扶人'ann'：2012-03-09解除结对应已实现脱贫目标，或有说明理由的特批，两者都没有
household 'h1', helper 'ann': wanted a new household or a waiver for a release on 2012-03-09, got neither
贫困户'h1'、帮扶人'ann'：2012-03-09解除结对应有新的帮扶户或免接说明，两者都没有
household 'h1': wanted a duty to revisit it from 2012-03-09, when it is released, got none
贫困户'h1'：自2012-03-09解除结对起应有回访事项，没有
helper 'ann': wanted household 'h2' to be taken on by 2012-03-09, got no pairing
帮扶人'ann'：应在2012-03-09前接手贫困户'h2'，没有结对
household 'h1': wanted a key of its own for each duty, got 'r' twice
贫困户'h1'：每个未了事项应有自己的编号，'r'出现两次
household 'h1': wanted a duty that is open on 2012-03-05, got 'r'
贫困户'h1'：应为2012-03-05尚未办结的事项，实为'r'
household 'h1': wanted duty 'r' closed once, got twice
贫困户'h1'：未了事项'r'只应办结一次，实为两次
household 'h1': wanted duty 'r' to pass once on 2012-03-05, got 2 times
贫困户'h1'：未了事项'r'在2012-03-05只应转移一次，实为2次
household 'h1': wanted a loan that was lent by 2012-03-05, got 'k'
贫困户'h1'：应为2012-03-05前借出的借款，实为'k'
household 'h1': wanted at most 300 fen back of loan 'l', got a number of 18 characters
贫困户'h1'：借款'l'至多收回300分，实为18位的数分
helper 'bo': wanted duty 'l' to household 'h1' passed on or closed by 2012-03-07, when the service ends, got it open
帮扶人'bo'：对贫困户'h1'的未了事项'l'应在2012-03-07任职结束前转移或办结，尚未办结
helper 'ann': wanted a leave before the return on 2012-03-05, got none
帮扶人'ann'：2012-03-05返岗之前应有请假，没有
helper 'ann': wanted a leave that ends after 2012-03-05, got 2012-03-05
帮扶人'ann'：请假应结束于2012-03-05以后，实为2012-03-05
helper 'ann': wanted no household from 2012-03-05, when the service ends, got 'h1'
帮扶人'ann'：自2012-03-05任职结束起不应再有帮扶户，实有'h1'
unit 'court': wanted one end, got 2
单位'court'：只应终止一次，实为2次
unit 'court': wanted it to become a part of another unit, got itself
单位'court'：应并入其他单位，实为自身
unit 'school': wanted a unit that there is on 2012-03-07, got 'court', which became a part of 'bank' on 2012-03-05
单位'school'：应为2012-03-07仍存在的单位，实为'court'，该单位已于2012-03-05并入'bank'
helper 'ann': wanted a unit that there is on 2012-03-07, got 'court', which was dissolved on 2012-03-07
帮扶人'ann'：应为2012-03-07仍存在的单位，实为'court'，该单位已于2012-03-07撤销
village 'east': wanted a unit that there is on 2012-03-08, got 'court', which was dissolved on 2012-03-07
村'east'：应为2012-03-08仍存在的单位，实为'court'，该单位已于2012-03-07撤销
household h1: 2012-03-01 .. 2012-03-05 ann (lead); 2012-03-05 .. 2012-03-09 vacancy, seen to by court; 2012-03-09 .. exited
贫困户h1：2012-03-01至2012-03-05前ann（责任人）；2012-03-05至2012-03-09前空缺，由court暂管；2012-03-09起已脱贫退出
household h1: 2012-03-01 .. 2012-03-08 ann (lead); 2012-03-06 .. in village west; 2012-03-08 .. 2012-03-15 bo (lead); 2012-03-08 .. 2012-03-15 cy (lead); 2012-03-15 .. 2012-03-20 exited; 2012-03-20 .. fallen back; 2012-03-20 .. bo (lead)
贫困户h1：2012-03-01至2012-03-08前ann（责任人）；2012-03-06起在村west；2012-03-08至2012-03-15前bo（责任人）；2012-03-08至2012-03-15前cy（责任人）；2012-03-15至2012-03-20前已脱贫退出；2012-03-20起返贫；2012-03-20起bo（责任人）
helper cy: 2012-03-02 .. 2012-03-10 h2 (lead); 2012-03-04 .. 2012-03-08 in unit bank; 2012-03-04 .. of rank division; 2012-03-08 .. 2012-03-15 h1 (lead); 2012-03-08 .. in unit court; 2012-03-15 .. h3 (lead)
帮扶人cy：2012-03-02至2012-03-10前h2（责任人）；2012-03-04至2012-03-08前在单位bank；2012-03-04起职级为县处级正职；2012-03-08至2012-03-15前h1（责任人）；2012-03-08起在单位court；2012-03-15起h3（责任人）
unit court: 2012-03-01 .. 2012-03-10 linked to east; 2012-03-10 .. 2012-03-14 sees to the vacancy of h2; 2012-03-11 .. renamed; 2012-03-22 .. part of school
单位court：2012-03-01至2012-03-10前联系east；2012-03-10至2012-03-14前暂管空缺户h2；2012-03-11起已更名；2012-03-22起并入school
village east: 2012-03-01 .. 2012-03-10 linked to court; 2012-03-01 .. linked to bank
村east：2012-03-01至2012-03-10前联系court；2012-03-01起联系bank
wanted a position from 0 to 0, got 1
应为0至0的登记序号，实为1
Handover('panjin-2010', 2013-07-01, 1 households to 1 takers, 0 vacancies, 0 open duties)
接力'panjin-2010'，2013-07-01：1户移交1名接手人，空缺0户，未了事项0项
nobody whom the ladder (division) names may take it over
接续顺序（本科室）中无人可接手
wanted a household that passes on, got 'y'
应为移交的贫困户，实为'y'
Handover('ours', 0 households to 0 takers, 0 vacancies, 0 open duties)
接力'ours'：0户移交0名接手人，空缺0户，未了事项0项
wanted the id of a helper of the roster, got 'nobody'
应为名册中帮扶人的编号，实为'nobody'
wanted a day from 2010-12-01, when the policy panjin-2010 takes effect, got 2010-01-01
应为政策panjin-2010生效之日2010-12-01及以后的日期，实为2010-01-01
another
别的
the cheapest repair: 3 exceptions, after which nobody is short
最省的补救：3个例外，此后全部达标，没有缺口
helper p0 of unit 县水务局: 2 households above the ceiling
县水务局的帮扶人p0：超过上限2户
no exception repairs it: 1 partner is missing
例外无法补救：仍缺1个结对对象
甲0 stays short of 1: there are too few for a pair
甲0仍缺1，可结对者不足
together: 0 of 0 checked; between 0 and 0 of 0 at 95%; 0 not reached, 0 not checked yet
合计：已查0户中差错0户；全部0户中在0至0户之间（置信度95%）；未联系上0户，未查0户
wanted a mapping of channels to weights, got a value of type list
应为由走访方式到权重的映射，实为list类型的值
wanted the ids of households, got nothing
应为贫困户编号，实为空
wanted each household once, got 'a' again
每户应只出现一次，'a'重复出现
wanted a mapping of clusters to ids of households, got a value of type list
应为由分组到贫困户编号的映射，实为list类型的值
wanted a whole number from 0 to checked, 2; got 3
应为0至已查数（checked）2的整数，实为3
wanted a whole number from 0 to of, 9; got 10
应为0至总数（of）9的整数，实为10
wanted a whole number from 0 to 1,000,000,000; got 1.0
应为0至1,000,000,000的整数，实为1.0
together: 1 of 2 checked (50.0%); between 1 and 49 of 50 at 95%; 1 not reached, 2 not checked yet
合计：已查2户中差错1户（50.0%）；全部50户中在1至49户之间（置信度95%）；未联系上1户，未查2户
wanted a household of the draw, got text of 3 characters
应为抽中的贫困户，实为3个字符的文字
wanted a Fraction between 0 and 1, such as Fraction(95, 100); got 0.9
应为0与1之间的分数，如Fraction(95, 100)，实为0.9
wanted a mapping of households to results, got a value of type list
应为由贫困户到抽查结果的映射，实为list类型的值
spot check, seed 1: 120 of 480 households
抽查，种子1：480户中抽120户
in person 120
入户120户
12 of 1,600 checked (0.8%); between 65 and 204 of 16,000 at 95%
已查1,600户中差错12户（0.8%）；全部16,000户中在65至204户之间（置信度95%）
0 of 0 checked; between 0 and 5 of 5 at 95%
已查0户中差错0户；全部5户中在0至5户之间（置信度95%）
household 'h': wanted one of accepted, declined, lapsed after proposed, got visited
贫困户'h'：提出之后应为接受、谢绝、失效之一，实为共同走访
household 'h': wanted a day from 2013-06-30, when it was proposed, got 2013-06-29
贫困户'h'：提出之日为2013-06-30，应不早于此日，实为2013-06-29
household 'h': wanted a day up to the deadline, 2013-07-10, got 2013-07-11
贫困户'h'：应不晚于期限2013-07-10，实为2013-07-11
household 'h': wanted a day after the deadline, 2013-07-10, got 2013-07-10
贫困户'h'：应为期限2013-07-10以后的日期，实为2013-07-10
None
空
wanted a file that can be read, got the error 'Permission denied'
应为可读取的文件，遇到系统错误'Permission denied'
wanted the title of a column of units, or one in round brackets, which is passed over; got 'prent'. Maybe 'parent'?
应为units表的列名，或写在圆括号内（该列不读），实为'prent'，是否应为'parent'？
wanted the title of a column of units, or one in round brackets, which is passed over; got text of 3 characters
应为units表的列名，或写在圆括号内（该列不读），实为3个字符的文字
wanted each column once, got this in columns 1 and 4
每列应只出现一次，此列出现在第1列和第4列
wanted a column 'level' (or 级别, 层级), got none
应有列'level'（或级别、层级），没有此列
wanted 3 cells, as in the header, got 2
应与表头一致有3个单元格，实有2个
wanted text, got a NUL character in column 1
应为文字，第1列中有空字符（NUL）
wanted cells of at most 131,072 characters, got a longer one. Maybe a quote is left open?
单元格应不超过131,072个字符，此处超过，是否有引号未闭合？
wanted the first day after the span, later than 2012-02-08; got 2012-02-08
应填期满后的第一天，且晚于2012-02-08，实为2012-02-08
wanted a start, as there is an end, 2012-02-08; got nothing
已填结束日期2012-02-08，应填开始日期，未填
wanted either helpers.csv or helpers.csv.gz, got both
helpers.csv与helpers.csv.gz只应有其一，两个都有
wanted no NUL, no half of a surrogate pair, and at most 131,072 characters, got 3
应不含空字符（NUL）和不完整的代理对，且不超过131,072个字符，实有3个
column 6
第6列
wanted a folder with areas.csv; got none
应为含有areas.csv的文件夹，未找到
wanted a span with an end, got nothing
应为有结束日期的时段，实为空
wanted a day before 2012-06-01, got 2012-06-01
应早于2012-06-01，实为2012-06-01
wanted MM-DD/MM-DD, got text of 1 character
应写作MM-DD/MM-DD，实为1个字符的文字
unit court, 2012: 71.33 of 100
单位court，2012年：71.33分（满分100分）
spot checks: 0 checked wrong shared by 2, 0 deducted: 30 of 30
spot checks：抽查差错0户，由2人分摊，扣0分：30分（满分30分）
3 helpers may be paired with it; 3 of them have as many households as allowed
可与该户结对的有3名帮扶人；其中3名帮扶人的户数已满额
telephone 1,120
电话1,120户
household h-1 in village 扎马村, difficulty 3 is due 1 helper (households[0]) and has 1: at the ceiling
扎马村的贫困户h-1（困难程度3）应有1名帮扶人（households[0]），实有1名：已达上限
reading the book
读取台账
pairing on 2012-02-08
结对（2012-02-08）
linking on 2012-02-08
联村（2012-02-08）
verifying the proof of 2012-02-08
核验最优性证明（2012-02-08）
verifying the links of 2012-02-08
核验联村（2012-02-08）
year 2: recording
第2年：登记
year 1: inventing
第1年：模拟变动
1.60 s
1.60秒
Roster(118 areas, 146 units, 4000 helpers, 4200 households, 0 links, 0 named pairs)
名册：行政区划118个、单位146个、帮扶人4000名、贫困户4200户、联村0条、指定配对0对
3 findings on 2012-03-01
2012-03-01核查发现3个问题
… and 3 more, with --json
……另有3个，用--json查看
… and 1,203 more, with --json or --out
……另有1,203户，用--json或--out查看
2 entries recorded, 1 were there already; the book has 1,412
新登记2条，已有1条；台账现有1,412条
wanted --book with --record, got none
用--record时应填--book，未填
wanted a value, as the roster is no programme's; got nothing
名册不是活动名称，此项必填，未填
wanted what happens to people, got a Visited
应为人员、单位或贫困户的变动，实为走访
wanted a share as 1/10 or 10%, got '0/0'
应为比例，写作1/10或10%，实为'0/0'
wanted one Register in the file, got 0
文件中应恰有一份登记簿，实有0份
wanted entries, got a Roster as value 2
应为登记条目，第2个值为名册
wanted a register (a file ending in .jsonl, or the URL of a database), got a table of pairings
应为登记簿（以.jsonl结尾的文件或数据库URL），实为结对表
wanted a book that can be written, got standard input
应为可写入的台账，实为标准输入
panjin-2010: 10,000 helpers, 16,000 households
panjin-2010：帮扶人10,000名，贫困户16,000户
gap: household h-1, 2012-02-08 .. 2012-06-30
空档：贫困户h-1，2012-02-08至2012-06-30前
wanted a number of years from 1 to 100, got 0
应为1至100的年数，实为0
wanted a number above 0, and up to 1, got 2.0
应为大于0且不大于1的数，实为2.0
wanted a whole number, got 'x'
应为整数，实为'x'
wanted {"format": "pairing", "version": 1}; got another first line
首行应为{"format": "pairing", "version": 1}，实为其他
wanted {"format": "pairing", "version": 1}; got an empty file
首行应为{"format": "pairing", "version": 1}，文件为空
wanted version 1, and nothing else; got version 2
应为版本1且没有其他内容，实为版本2
wanted one object of JSON, on a line of its own; got something else
每行应为一个JSON对象，此处不是
wanted UTF-8; counted from 0, byte 1,024 is not
文字编码应为UTF-8；从0数起，第1,024字节不是
wanted a path, or lines of bytes, got 5
应为路径或若干行字节，实为5
wanted lines of bytes, got 'a'
应为若干行字节，实为'a'
wanted texts without half of a surrogate pair, got one with it
文字不应含不完整的代理对，有的含有
wanted values that lie within each other a few levels deep, got hundreds
各值应只嵌套数层，实有数百层
wanted to write records, got the error 'Permission denied'
应写入记录，遇到系统错误'Permission denied'
wanted to write a file; got the error 'Permission denied'
应写入文件，遇到系统错误'Permission denied'
wanted to write list.csv, got the error 'Permission denied'
应写入list.csv，遇到系统错误'Permission denied'
wanted whole numbers, got another number
应为整数，实为其他数
wanted a batch from position 12 on, got one from 0
本批应从登记序号12开始，实从0开始
wanted batches, and nothing else; got something else
应只有批次（batches），有其他内容
wanted one of households, of which 1,200 more are to follow; got another value
应为贫困户，尚应有1,200条，实为其他值
wanted one of named, of which 3 more are to follow; got another value
应为指定配对，尚应有3条，实为其他值
wanted one of entries, of which 3 more are to follow; got another value
应为登记条目，尚应有3条，实为其他值
wanted 3 more lines, as line 2 says; got the end of the file
按第2行所述还应有3行，文件已结束
wanted values, as a list, got 5
应为若干值的列表，实为5
wanted the path of a file, got 5
应为文件路径，实为5
wanted an object, got a value of type list
应为对象（object），实为list类型的值
wanted a list, got 5
应为列表，实为5
wanted a list of 2, got 5
应为2项的列表，实为5
wanted a value that has a plain form, got a value of type set
应为可以写成数据的值，实为set类型的值
wanted the name of a type, got 5
应为类型名称，实为5
wanted a fraction as 1/3, got '1/0'
应为分数，写作1/3，实为'1/0'
wanted ids that are texts or whole numbers, got 1.5
应为文字或整数的编号，实为1.5
wanted the URL of a database, or an engine, got 5
应为数据库URL或引擎，实为5
wanted the URL of a database, as sqlite:///book.db or postgresql+psycopg://user@host/name; got another
应为数据库URL，如sqlite:///book.db或postgresql+psycopg://user@host/name，实为其他
wanted a database whose driver is installed, got mysql
数据库的驱动程序应已安装，mysql的未安装
wanted a database that can be read and written, got the error 'OperationalError'
应为可读写的数据库，遇到数据库错误'OperationalError'
wanted a register of version 1, got one of version 2
登记簿应为版本1，实为版本2
wanted the entry of position 7 as it was recorded, got something else
登记序号7的条目应与登记时一致，实已不同
wanted to record on a register of 12 entries, but others have recorded since: read it again
登记簿原有12条，此后他人又有登记，应重新读取后再登记
wanted to record on a register of 12 entries, but it has 1,412 by now: read it again
登记簿原有12条，现已有1,412条，应重新读取后再登记
wanted a text of 1 to 200 characters, got text of 300 characters
应为1至200个字符的文字，实为300个字符的文字
wanted a path ending in .csv or .xlsx, got 'a.txt'
应为以.csv或.xlsx结尾的路径，实为'a.txt'
wanted the path of a file, or a frame, got 5
应为文件路径或数据框，实为5
wanted one sheet journal (or 台账, 登记簿), got none
应有一个工作表journal（或台账、登记簿），没有
wanted one sheet journal (or 台账, 登记簿), got 2 that are called so
应只有一个工作表journal（或台账、登记簿），实有2个同名的
wanted a kind of entries, such as Paired (结对), got 'Nope'
应为登记条目的类别，如结对（Paired），实为'Nope'
wanted at most 15 corrections down to an entry that is none, got others
应为至多15次更正，其下为并非更正的条目，实为其他
wanted 2 texts, one for each kind in of, got 1
应与of列的类别一一对应，有2项文字，实有1项
wanted nothing, as Visited has no reason, got a cell
Visited（走访）没有reason，应不填，实已填写
wanted nothing, as Paired has no channel, got a cell
Paired（结对）没有channel（走访方式），应不填，实已填写
wanted no NUL and no half of a surrogate pair, and not as long, got 40,000 characters
应不含空字符（NUL）和不完整的代理对，且不过长，实有40,000个字符
wanted entries, got 5
应为登记条目，实为5
wanted the book as it was read, of 17 entries, but others have written it since
台账读取时有17条，此后他人又有写入，应重新读取
wanted a register that is open, got one that was closed
登记簿应已打开，实已关闭
wanted the database within 10 s, got one that somebody else is writing to
他人正在写入数据库，等待10秒后仍未轮到
wanted a file that can be opened, in a folder that is there
文件应可打开，其文件夹应存在
wanted a file that can be written, got one that can only be read
文件应可写入，实为只读
wanted a file of SQLite, got another
应为SQLite数据库文件，实为其他文件
wanted a server that answers, got no connection
数据库服务器应可连接，实未连上
wanted a policy file, found none
应有政策文件，未找到
input: 2 problems
输入：2个问题
合计, 2010-12-01 to 2016-12-01
合计，2010-12-01至2016-12-01
合计, from 2010-12-01
合计，2010-12-01起
覆盖情况, 2012-12-01
覆盖情况，2012-12-01
wanted a whole number of at most 18 digits, got 'x'
应为不超过18位的整数，实为'x'
"""  # noqa: E501
"""Sentences, each with its Chinese on the line below."""

ROSTER = """
名册：9个问题
areas.csv，第3行，level（级别）：应为province（省）、prefecture（市）、county（县）、township（乡镇）、village（村）之一，实为'hamlet' [unknown-level]
units.csv，第3行，id（编号）：'u'已见于第2行，每条应有自己的编号 [duplicate-id]
units.csv，第3行，area（所在地）：应为已有行政区划的编号，实为'q' [unknown-area]
helpers.csv，第2行，rank（职级）：应为province（省部级正职）、deputy-province（省部级副职）、bureau（厅局级正职）、deputy-bureau（厅局级副职）、division（县处级正职）、deputy-division（县处级副职）、section（乡科级正职）、deputy-section（乡科级副职）、staff（科员）、clerk（办事员）之一，实为'boss' [unknown-rank]
helpers.csv，第2行，birth（出生日期）：应为确有其日的日期，写作YYYY-MM-DD，实为'1952-02-30' [bad-date]
helpers.csv，第3行，unit（单位）：应为已有单位的编号，实为'w' [unknown-unit]
households.csv，第2行，persons（人口）：应为整数，只用数字0至9，不超过100位，实为'many' [bad-number]
households.csv，第3行，id（编号）：应为自编的编号，实为身份证号；名册中不得填写身份证号 [identity-number]
links.csv，第1行，village（村）：应有列'village'（或村），没有此列 [missing-column]
"""  # noqa: E501

POLICY = """
政策：11个问题
helpers[0].ceiling：应不低于下限3，实为2 [floor-above-ceiling]
helpers[1].soft：应为是（true）或否（false），实为'yes' [bad-type]
helpers[2].floors：应为floor、ceiling、ranks、kinds、posts、unit_levels、role、soft、source、over、contribution之一 [unknown-key]
name：应填名称，未填 [missing-key]
aims：覆盖面（coverage）和下限（floors）应排在最前，二者先后不限 [aims-order]
helpers[1].ranks[0]：应为province（省部级正职）、deputy-province（省部级副职）、bureau（厅局级正职）、deputy-bureau（厅局级副职）、division（县处级正职）、deputy-division（县处级副职）、section（乡科级正职）、deputy-section（乡科级副职）、staff（科员）、clerk（办事员）之一，实为'boss' [unknown-rank]
helpers[1]：永不适用：helpers[0]在前，且适用于此条所适用的所有人 [never-holds]
helpers[2]：永不适用：helpers[0]在前，且适用于此条所适用的所有人 [never-holds]
linking.teams[0]：应为cadre（干部）、team（工作队）、group（社会团体）、owner（业主）之一，实为'firm' [unknown-kind]
visits.silence：应为不小于1的整数，实为0 [bad-number]
visits.rules[0]：months、days、festivals、seasons应只填其一，实填months、days [one-period]
"""  # noqa: E501

PLAN = """
ours · 联村联户 · 2012-02-08
  帮扶人足数的贫困户                        2/3（66.6%）
  帮扶户足数的帮扶人                        2/2（100.0%）
  有帮扶人的村                              1/2（50.0%）
  有帮扶户的单位                            1/1（100.0%）
  结对                                      2

  职级或类别              帮扶人      贫困户    最少  最多
  乡科级正职                   1           1       1     1
  科员                         1           1       1     1

  缺口：贫困户缺1名帮扶人；瓶颈1处
  - 下坪村有1户贫困户；没有单位联系：还剩1户无人帮扶
"""

EXPLANATION = """
上坪村的贫困户x应有1名帮扶人（households[0]），实有1名：已达上限
可与该户结对的有2名帮扶人；其中2名帮扶人的户数已满额
- 县水务局的ann（乡科级正职），责任人：单位联系该村；有2名帮扶人条件相同，按编号顺序确定
  如不结此对：由bo替代，没有代价
"""

LINKING = """
ours · 2012-02-08
  已联系的贫困村                            1/2（50.0%）
  承担份额的单位                            1
  单位联村数（最少可能数）                  1（最少1）
  有联系点的帮扶人                          0
  帮扶人联系点数                            0

  级别              单位    帮扶人      贫困户                        每名帮扶人
  县                   1         2           2              1.00至1.00，总体1.00
  未联系：1（没有承担份额的单位可联系该村）
"""

HANDOVER = """
接力'ours'，2013-06-30：0户移交0名接手人，空缺1户，未了事项0项

  2013-06-30 贫困户x：空缺，由u暂管
    2户只能由1名帮扶人接手，无法全部容纳；bo多接一户，或增加联系该村的单位，可以解决
"""

HISTORY = "贫困户x：2012-02-08至2013-06-30前ann（责任人）；2013-06-30起空缺，由u暂管"


def pairs(text: str) -> dict[str, str]:
    """Return the sentences of a list, each with its Chinese on the line below."""
    lines = text.strip().split("\n")
    return dict(zip(lines[::2], lines[1::2], strict=True))


def findings() -> dict[str, tuple[str, str]]:
    """Return by code a finding in English and in Chinese."""
    codes, *both = (FINDINGS.strip().split("\n")[n::3] for n in range(3))
    return dict(zip(codes, zip(*both, strict=True), strict=True))


SENTENCES = pairs(SAID) | dict(findings().values())


def test_each_sentence_word_for_word() -> None:
    """Every sentence of the list is told in Chinese exactly as it stands there, and in English as it is."""
    assert {english: worded(english, "zh") for english in SENTENCES} == SENTENCES
    assert all(worded(english, "en") == english for english in SENTENCES)


def test_there_is_a_finding_of_every_code() -> None:
    """Each code of an audit has a finding among the sentences, and its meaning in Chinese."""
    assert list(findings()) == list(CODES)
    assert all(CHINESE.search(worded(meaning, "zh")) for meaning in CODES.values())


# --- completeness


def _texts(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield the texts of a room, with {} for places, and what finds them in a sentence; no docstrings, no reprs."""
    aside: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name in ("__repr__", "_repr_html_"):
            aside.update(map(id, ast.walk(node)))
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            aside.add(id(node.value))
        elif isinstance(node, ast.JoinedStr):
            aside.update(map(id, node.values))
        elif isinstance(node, ast.FormattedValue) and node.format_spec is not None:
            aside.update(map(id, ast.walk(node.format_spec)))
    for node in ast.walk(tree):
        parts: list[str | None] = []
        if id(node) in aside:
            continue
        if isinstance(node, ast.JoinedStr):
            parts = [str(part.value) if isinstance(part, ast.Constant) else None for part in node.values]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            parts = [part or None for part in re.split(r"(?:\{\})()", node.value)]
        said = "".join(part or "" for part in parts)
        if re.search("[a-z]{2}", said) and " " in said.strip() and not re.search(r" \| | -> |</", said):
            found = "".join(".*" if part is None else re.escape(part) for part in parts)
            found = re.sub(r"\A(?:\\[ -])+", "", found)  # what begins a line of a page
            yield "".join("{}" if part is None else part for part in parts), found


@cache
def texts_of(room: str) -> dict[str, str]:
    """Return the texts of a room, each with what finds it in a sentence."""
    return dict(_texts(ast.parse((SOURCE / f"{room}.py").read_text(encoding="utf-8"))))


@pytest.mark.parametrize("room", ROOMS)
def test_no_message_is_left_in_english_by_oversight(room: str) -> None:
    """Each text of a room has its Chinese, alone or in one of the sentences, or stands in the list of what is left."""
    sentences = "\n".join(SENTENCES)
    missing = [
        text
        for text, found in texts_of(room).items()
        if (room, text) not in LEFT and worded(text.strip(), "zh") == text.strip() and not re.search(found, sentences)
    ]
    assert missing == []


def test_what_is_left_in_english_is_there() -> None:
    """Whatever is said to be left in English still stands in its room."""
    assert [(room, text) for room, text in LEFT if text not in texts_of(room)] == []


def test_no_pattern_is_of_a_sentence_that_nobody_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each pattern and each phrase is used by a sentence of the list, or by a text of a room."""
    used: set[str] = set()
    book = wording._book()

    class Noting(dict[str, str]):
        def __getitem__(self, text: str) -> str:
            used.add(text)
            return super().__getitem__(text)

    def of(pattern: wording._Pattern, text: str) -> str | None:
        chinese = plain(pattern, text)
        if chinese is not None:
            used.add(pattern.regex)
        return chinese

    plain = wording._Pattern.of
    noting = wording._Book(Noting(book.whole), book.patterns, book.words, book.rungs, book.levels)
    monkeypatch.setattr(wording, "_book", lambda: noting)
    monkeypatch.setattr(wording._Pattern, "of", of)
    words = {
        node.value
        for room in ROOMS
        for node in ast.walk(ast.parse((SOURCE / f"{room}.py").read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    classes = {change.__name__ for change in RECORDED}
    wording._phrase.cache_clear()
    for text in [*SENTENCES, *words, *classes]:
        worded(text, "zh")
    assert {*book.whole, *(pattern.regex for pattern in book.patterns)} - used == set()


def test_each_place_of_a_sentence_is_in_its_chinese() -> None:
    """A pattern has the same places in both languages, so that no value is lost and none comes in."""
    for pattern in wording._book().patterns:
        assert {name for name, _ in pattern.places} == set(pattern.chinese[1::2]), pattern.regex


def test_terms_are_those_of_the_glossary() -> None:
    """A word that the glossary has is told by the glossary's Chinese."""
    rows = re.findall(
        r"^\| ([^|]+) \| ([^|]+) \|", (SOURCE.parents[1] / "docs" / "glossary.md").read_text("utf-8"), re.M
    )
    glossary = {english: re.split("、|或", chinese)[0] for english, chinese in rows}
    words = wording._book().words
    of_tables = {"coverage", "division"}  # what a report counts, and a rank
    common = (words.keys() & glossary.keys()) - of_tables
    assert len(common) > 20
    assert {word: words[word] for word in common if glossary[word] not in words[word]} == {}


# --- values


def test_no_sentence_is_half_in_english() -> None:
    """In Chinese there is no English word that is not a value of the English sentence, and none of its grammar."""
    grammar = re.compile(r"\b(wanted|got|the|of|is|are|has|have|with|to|from|in|at|on|and|who|which|that|by)\b")
    for english, chinese in SENTENCES.items():
        values = re.sub(
            r"'[^']*'|（[^）]*）|in person|money given|measures (not )?kept|checked wrong|hand over|[\w.]+\.\w+",
            "",
            chinese,
        )
        assert not grammar.search(values), chinese
        kept = set(re.findall(r"[A-Za-z]+", chinese)) - {"None", "True", "False", "NUL", "gzip", "datetime", "date"}
        kept -= {
            "table",
            "yes",
            "no",
            "true",
            "false",
            "Register",
            "Plan",
            "Pairing",
            "Table",
            "Finding",
            "Change",
            "Span",
        }
        assert kept <= set(re.findall(r"[A-Za-z]+", english)) | {"coverage", "floors"}, chinese


names = st.text("上下坪村赵家沟县水务局东西", min_size=1, max_size=6)
keys = st.from_regex(r"[a-z]-[0-9]{1,4}", fullmatch=True)
numbers = st.integers(2, 10**9).map("{:,}".format)
days = st.dates().map(str)


@given(keys, keys, numbers, numbers, days, names, names)
def test_values_stay_exactly_as_they_are(
    one: str, other: str, some: str, more: str, day: str, village: str, unit: str
) -> None:
    """Keys, numbers, days and names stand in the Chinese sentence as they stand in the English one."""
    for english, values in (
        (f"helper '{one}': wanted at least {some} households, got {more}", (one, some, more)),
        (f"helper '{one}', household '{other}': wanted a visit in person since {day}, got none", (one, other, day)),
        (f"village {village} has {some} households; no unit is linked to it: {more} left over", (village, some, more)),
        (f"village {village} has 9 households; the only unit linked to it, {unit}, can carry 7: 2 left over", (unit,)),
        (f"  {day} household {one}: vacancy, seen to by {other}", (day, one, other)),
        (f"wanted {some} cells, as in the header, got {more}", (some, more)),
    ):
        chinese = worded(english, "zh")
        assert chinese != english
        assert all(value in chinese for value in values)


@given(
    st.text()
    | st.lists(st.sampled_from([*SENTENCES, ", ", "; ", " and ", "wanted ", "got ", "  ", "- ", "\n"])).map("".join)
)
@example("wanted , got , got ")
@example("in principle " * 200)
@example("wanted " * 142)
@example("5, " * 330 + "5")
@example("nothing, " * 110 + "nothing")
@example("a  b\t c   1")
def test_any_text_comes_through(text: str) -> None:
    """Whatever text is given, there are as many lines of it in Chinese as in English, and no error."""
    assert worded(text, "zh").count("\n") == text.count("\n")
    assert worded(text, "en") == text


@given(st.text(), st.text("abc. []0123"), st.text("ab.csv, sheet"), st.none() | st.integers())
def test_any_problem_comes_through(message: str, field: str, file: str, row: int | None) -> None:
    """Whatever problem is told, its code stands at the end; one without Chinese is told as it was."""
    problem = Problem("some-code", message, file, row, field)
    assert told(problem, "en") == str(problem)
    chinese = told(problem, "zh")
    assert chinese == str(problem) or (chinese.endswith(" [some-code]") and field in chinese + field)


def test_what_has_no_chinese_stays_as_it_is() -> None:
    """A sentence that is unknown, or of which a part is, stays in English as a whole, and so does its place."""
    for text in ("all is well", "wanted bread, got 5", "helper 'a': wanted bread, got 5", "bread   5", "x" * 2000):
        assert worded(text, "zh") == text
    assert told(Problem("x", "wanted bread, got 5", "units.csv", 2, "id"), "zh") == (
        "units.csv, row 2, id: wanted bread, got 5 [x]"
    )


# --- problems and errors


@pytest.mark.parametrize(
    ("problem", "expected"),
    [
        (
            Problem("unknown-rank", "wanted one of staff, clerk; got 'boss'", "helpers.csv", 7, "rank"),
            "helpers.csv，第7行，rank（职级）：应为staff（科员）、clerk（办事员）之一，实为'boss' [unknown-rank]",
        ),
        (
            Problem(
                "bad-date", "wanted a day that exists, as YYYY-MM-DD, got '2012-02-30'", "helpers.csv.gz", 3, "birth"
            ),
            "helpers.csv.gz，第3行，birth（出生日期）：应为确有其日的日期，写作YYYY-MM-DD，实为'2012-02-30' [bad-date]",
        ),
        (
            Problem("unknown-unit", "wanted the key of a unit, got 'u'", "名册.xlsx, sheet 帮扶人", 3, "unit"),
            "名册.xlsx，工作表帮扶人，第3行，unit（单位）：应为已有单位的编号，实为'u' [unknown-unit]",
        ),
        (
            Problem("unknown-unit", "wanted the key of a unit, got 'u'", "book.xlsx, sheet helpers", 3, "unit"),
            "book.xlsx，工作表helpers，第3行，unit（单位）：应为已有单位的编号，实为'u' [unknown-unit]",
        ),
        (
            Problem(
                "unknown-column",
                "wanted the title of a column of units, or one in round brackets, which is passed over; got nothing",
                "units.csv",
                1,
                "column 3",
            ),
            "units.csv，第1行，第3列：应为units表的列名，或写在圆括号内（该列不读），实为空 [unknown-column]",
        ),
        (
            Problem("bad-number", "wanted a whole number from 0, got 'x'", field="helpers[2].floor"),
            "helpers[2].floor：应为不小于0的整数，实为'x' [bad-number]",
        ),
        (
            Problem("missing-extra", "wanted the extra charts (pip install 'pairing[charts]'), got no module altair"),
            "应安装附加组件charts（pip install 'pairing[charts]'），未找到模块altair [missing-extra]",
        ),
    ],
)
def test_a_problem_is_told_with_its_place(problem: Problem, expected: str) -> None:
    """File, row, field and code stay; a column of a roster has its Chinese title beside it."""
    assert told(problem, "zh") == expected


def test_an_error_is_told_with_all_its_problems() -> None:
    """An error of one problem is that problem; one of several has a line for each, and says how many more there are."""
    one = Problem("bad-type", "wanted a text, got 5", "units", 0, "name")
    assert told(ArgumentError([one]), "zh") == "units，第0行，name（名称）：应为文字，实为5 [bad-type]"
    odd = Problem("odd", "wanted bread, got 5")
    assert told(RegisterError([one, odd]), "zh") == (
        "登记簿：2个问题\nunits，第0行，name（名称）：应为文字，实为5 [bad-type]\nwanted bread, got 5 [odd]"
    )
    *_, last = told(PolicyError([one] * 1_300), "zh").split("\n")
    assert last == "……另有1,250个，见.problems"
    assert told(PolicyError([one]), "en") == str(PolicyError([one]))


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (lambda: worded("x", "fr"), "language: wanted one of en, zh; got 'fr' [unknown-language]"),
        (lambda: worded("x", None), "language: wanted one of en, zh; got nothing [unknown-language]"),  # type: ignore[arg-type]
        (lambda: worded(5, "zh"), "text: wanted a text, got 5 [bad-type]"),  # type: ignore[arg-type]
        (lambda: told("x", "zh"), "fault: wanted a Problem or a PairingError, got 'x' [bad-type]"),  # type: ignore[arg-type]
        (lambda: told(Problem("x", "y"), "cn"), "language: wanted one of en, zh; got 'cn' [unknown-language]"),
    ],
)
def test_arguments_of_other_kinds_are_refused(call: Callable[[], str], expected: str) -> None:
    """What is no text, no problem or no language is an argument error that says so."""
    with pytest.raises(ArgumentError) as caught:
        call()
    assert str(caught.value) == expected


def test_the_languages_are_those_of_reports() -> None:
    """Messages and reports are told in the same languages."""
    assert LANGUAGES is reporting.LANGUAGES


# --- as an office meets them


def test_a_bad_roster(tmp_path: Path) -> None:
    """All that is wrong in the files of a roster is told in Chinese, in the order of the files."""
    for name, text in {
        "areas": "code,name,level,parent\np,甘肃省,省,\nv,上坪村,hamlet,p\n",
        "units": "id,name,level,area\nu,县水务局,county,p\nu,县法院,county,q\n",
        "helpers": "编号,单位,职级,birth\na,u,boss,1952-02-30\n赵,w,staff,\n",
        "households": "id,village,persons\nx,v,many\n11010519491231002X,v,2\n",
        "links": "unit\nu\n",
    }.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    with pytest.raises(RosterError) as caught:
        read_roster(tmp_path)
    assert told(caught.value, "zh") == ROSTER.strip("\n")


def test_a_bad_policy() -> None:
    """All that is wrong in a policy is told in Chinese, each with its path."""
    data = {
        "name": "",
        "aims": ["floors", "even"],
        "helpers": [{"floor": 3, "ceiling": 2}, {"ranks": ["boss"], "soft": "yes"}, {"floors": 1}],
        "visits": {"rules": [{"name": "v", "months": 1, "days": 2}], "silence": 0},
        "linking": {"teams": ["firm"]},
    }
    with pytest.raises(PolicyError) as caught:
        Policy.from_dict(data)
    assert told(caught.value, "zh") == POLICY.strip("\n")


def roster() -> Roster:
    """Two helpers of a unit that is linked to one of two villages, and three households."""
    return Roster(
        AreaTree([Area("v", "上坪村", "village"), Area("w", "下坪村", "village")]),
        [Unit("u", "county", "v", name="县水务局")],
        [Helper("ann", "u", "section"), Helper("bo", "u", "staff")],
        [Household("x", "v"), Household("y", "v"), Household("z", "w")],
        [Link("u", "v")],
    )


def test_what_an_audit_finds() -> None:
    """The findings of an audit are told in Chinese."""
    found = audit(
        Policy("ours", (HelperRule(Quota(1, 2)),)), roster(), [Pairing("ann", "x"), Pairing("ann", "z")], on=DAY
    )
    assert [worded(str(finding), "zh") for finding in found] == [
        "贫困户'y'：应至少有1名帮扶人，实际没有",
        "帮扶人'bo'：应至少帮扶1户，实际没有",
        "帮扶人'ann'、贫困户'z'：单位'u'应联系村'w'，实际未联系",
    ]


def test_the_page_of_a_plan_and_what_is_short() -> None:
    """The page of a plan is told in Chinese, its columns below one another."""
    plan = pair(Policy("ours", (HelperRule(Quota(1, 1)),), title="联村联户"), roster(), on=DAY)
    assert worded(plan.summary(), "zh") == PLAN.strip("\n")
    assert worded(str(plan.explain("x")), "zh") == EXPLANATION.strip("\n")
    assert worded(str(plan.why_not("bo", "z")), "zh") == "单位县水务局不联系下坪村"


def test_where_nobody_is_linked() -> None:
    """A linking tells in Chinese which villages have nobody, and why."""
    policy = Policy("ours", (HelperRule(Quota(1, 3)),), linking=LinkingRules(gathered=["county"]))
    linking = link_villages(policy, roster(), on=DAY)
    assert [worded(reason, "zh") for _, reason in linking.unlinked] == ["没有承担份额的单位可联系该村"]
    assert worded(linking.summary(), "zh") == LINKING.strip("\n")


def test_a_vacancy_and_a_history() -> None:
    """A handover tells in Chinese why a household is vacant and what would help, and a history whom it had."""
    policy = Policy("ours", (HelperRule(Quota(1, 1)),))
    register = Register().record(Paired("ann", "x", on=DAY), Paired("bo", "y", on=DAY))
    handover = relay(policy, roster(), register, [Retirement("ann", on=date(2013, 6, 30))])
    assert worded(handover.summary(), "zh") == HANDOVER.strip("\n")
    later = register.record(*handover.entries())
    assert worded(str(later.history("x")), "zh") == HISTORY


OURS = """
name = "ours"
title = "联村联户"

[[helpers]]
floor = 1
ceiling = 2
"""


def test_no_page_of_a_command_is_half_in_english(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever a command prints is in Chinese, but for ids, codes, names of files and of options."""
    for name, text in {
        "ours.toml": OURS,
        "leave.csv": "kind,on,helper\nRetirement,2013-06-30,ann\n",
        "visits.csv": "kind,on,household,helpers\nVisited,2012-02-20,x,ann\n",
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    write_roster(roster(), tmp_path / "county")
    at, policy = [str(tmp_path / "county")], ["--policy", f"{tmp_path}/ours.toml"]
    book = ["--book", f"{tmp_path}/b.jsonl"]
    on, size = ["--on", "2012-02-08"], ["--scale", "0.001"]
    ids = {"ours", "ann", "bo", "u", "x", "y", "z", "gansu", "hubei", "panjin"}
    for command in (
        ["link", *at, "--policy", "gansu-2012", *on],
        ["pair", *at, *policy, *on, *book, "--record"],
        ["audit", *at, *policy, *on, *book],
        ["record", *book, "--entries", f"{tmp_path}/visits.csv"],
        ["relay", *at, *policy, *book, "--changes", f"{tmp_path}/leave.csv", "--record"],
        ["report", *at, "--policy", "gansu-2012", *on, *book],
        ["spot-check", *at, *on, "--seed", "1", "--share", "1"],
        ["demo", "gansu-2012", *size],
        ["demo", "hubei-2011", *size],
        ["years", "panjin-2010", "--years", "1", *size],
        ["report", *at],
        ["relay", *at, *policy, *book, "--changes", f"{tmp_path}/visits.csv"],
        ["spot-check", *at, *on, "--seed", "first", "--share", "0/0"],
    ):
        main([*command, "--language", "zh"])
        out, err = capsys.readouterr()
        page = re.sub(r"\[[a-z-]+\]|--[a-z]+|'[^']*'", "", out + err)
        assert CHINESE.search(page)
        assert set(re.findall("[A-Za-z]+", page)) - ids == set(), command
