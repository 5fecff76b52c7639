"""The reports of the programmes: every figure that was published, counted from entries, in the order of publication."""

import json
from datetime import date, timedelta
from functools import cache

import pytest
from attrs import evolve

import pairing as pr
from pairing.__main__ import main
from pairing.chronicles import campaign
from pairing.errors import ArgumentError
from pairing.reporting import LANGUAGES, Report, report
from stories import told


@cache
def report_of(programme: str, scale: str = "1", language: str = "en") -> Report:
    book = told(programme, scale)
    return report(book.policy, book.roster, book.register, on=book.on, language=language)


@cache
def report_of_hubei(language: str = "en") -> Report:
    policy, roster, visits = campaign(scale=0.02)
    assert policy.until is not None
    return report(policy, roster, visits, on=policy.until - timedelta(days=1), language=language)


def test_liaoyang() -> None:
    """Every figure of Liaoyang comes out of the entries of its book."""
    assert [sentence.words for sentence in report_of("liaoyang-1994").sentences] == [
        "The first batch: 1,031 leading cadres contact 1,029 poor households.",
        "By the end of 1996, 9,273 cadres of all levels, social groups and business owners contact 6,684 households.",
        "Money given for production and living, to the end of September 1996: over 1,190,000 yuan.",
        "Loans guaranteed by cadres out of the revolving fund, interest-free, lent again: 1,060,000 yuan; "
        "the fund of 1,020,000 yuan has 529,180 left, 490,170 on loan and 650 written off.",
        "Houses repaired or built: 595 households, 1,771 rooms.",
        "People treated for illness: 327, for over 32,000 yuan.",
        "Rice, flour and other food: 430,000 kg; clothing: 37,000 pieces.",
        "Production and business projects started: over 3,800.",
        "People placed in jobs: 495; children brought back to school: 372.",
        "Households out of poverty: 2,100.",
        "Uneven effort: 927 of 9,273 helpers never went; 1,181 of 1,500 promised measures were kept.",
    ]


def test_liaoyang_in_chinese() -> None:
    """The same figures stand in the Chinese sentences."""
    words = [sentence.words for sentence in report_of("liaoyang-1994", "1", "zh").sentences]
    assert words[0] == "第一批：1,031名领导干部联系1,029户贫困户。"
    assert words[2] == "到1996年9月底，资助生产生活资金超过1,190,000元。"
    assert report_of("liaoyang-1994", "1", "zh").sentences[0].published == ("1031名", "1029户")
    assert words[4] == "维修、新建住房595户、1,771间。"


def test_panjin() -> None:
    """Every figure of Panjin comes out of its book; ten of the 309 villages are communities in the later area tree."""
    assert [sentence.words for sentence in report_of("panjin-2010").sentences] == [
        "16,000 of 16,000 households in 299 villages and 193 communities of 48 townships and subdistricts are each "
        "helped by one cadre; 10,000 cadres take part.",
        "By the sixth year: 300,412 person-visits in 288,000 household-visits to 16,000 households.",
        "Money and goods: 89,960,000 yuan, of which money 53,960,000 yuan and goods worth 36,000,000 yuan.",
        "At New Year and Spring Festival 2016 alone: 5,020,000 yuan.",
        "The relay: 763 handovers, 0 vacancies; 0 households with nobody.",
        "Spot check of 2016: 1,120 by telephone and 480 at home, of 16,000 households.",
        "Found wrong: 32 of 1,568 checked (2.1%); between 229 and 452 of 16,000 at 95%.",
    ]


def test_gansu_covers_both_ways() -> None:
    """Every household has a cadre and every cadre and unit a household; the floors by rank are met."""
    words = [sentence.words for sentence in report_of("gansu-2012", "0.01").sentences]
    assert words[0] == "1 poor counties, 88 poor villages, 4,000 cadres, 4,200 of the poorest households."
    assert words[1:4] == [
        "Every unit and cadre has somebody to help: 146 of 146 (100.0%) units, 4,000 of 4,000 (100.0%) cadres.",
        "Every poor village and household has a cadre: 88 of 88 (100.0%) villages, 4,200 of 4,200 (100.0%) households.",
        "The floors by rank (3, 2, 1) are met by 4,000 of 4,000 (100.0%) cadres; 0 households are missing.",
    ]


def test_hubei_misses_no_household() -> None:
    """All households are reached, and the channels are told apart."""
    words = [sentence.words for sentence in report_of_hubei().sentences]
    assert words == [
        "2,058 cadres of four levels in 374 work teams; 200,247 farm households in 429 villages.",
        "No household is missed: 200,247 of 200,247 (100.0%) are reached; 168,208 of them are visited in person.",
        "In person 168,208; and, told apart, by telephone 12,014, by text message 6,008, by letter 4,005, "
        "by contact card left 6,008, by leaflet left 8,010.",
    ]


@pytest.mark.parametrize("programme", ["liaoyang-1994", "panjin-2010", "gansu-2012", "hubei-2011"])
def test_both_languages_tell_the_same_figures(programme: str) -> None:
    """A report has the same figures and the same tables in English and in Chinese."""
    both = [
        report_of_hubei(language) if programme == "hubei-2011" else report_of(programme, "0.02", language)
        for language in LANGUAGES
    ]
    assert both[0].tables == both[1].tables
    assert [s.figures for s in both[0].sentences] == [s.figures for s in both[1].sentences]
    assert [len(s.published) for s in both[0].sentences] == [len(s.published) for s in both[1].sentences]
    assert "yuan" not in str(both[1])


def test_a_page_has_sentences_what_was_published_and_tables() -> None:
    """A report prints on a page, in a notebook, and as data."""
    page = report_of("panjin-2010", "0.02", "zh")
    text = str(page)
    assert text.startswith("panjin-2010 走亲戚 在行动 · 2016-12-01\n")
    assert "[公布数: 30多万人次]" in text
    assert "盘山县" in text
    html = page._repr_html_()
    assert html.count("<table>") == html.count("</table>") == 3
    data = json.loads(json.dumps(page.to_dict(), ensure_ascii=False))
    assert data["sentences"][1]["published"] == ["30多万人次"]
    assert repr(page) == "Report('panjin-2010', 2016-12-01, 7 sentences, 3 tables)"


def test_a_policy_of_ones_own_has_a_monthly_report() -> None:
    """Any policy has a report of coverage, visits made and due, aid and handovers, for a month."""
    book = told("panjin-2010", "0.02")
    ours = evolve(book.policy, name="ours")
    month = report(ours, book.roster, book.register, on=date(2016, 2, 29), during=pr.month(2016, 2))
    table = pr.totals(book.register, book.roster, during=pr.month(2016, 2))
    assert month.sentences[2].figures[0] == table[None, "person-visits"]
    due = [sentence.words for sentence in month.sentences if sentence.words.startswith("Visits due by the rule")]
    tallies = pr.tally_due(pr.due_visits(ours, book.roster, book.register, during=pr.month(2016, 2)))
    assert due == [
        f"Visits due by the rule {t.rule}: {t.due:,}; made: {t.made:,}; valid: {t.valid:,}; missing: {t.missing:,}."
        for t in tallies
    ]
    assert len(due) == 2


def test_figures_can_be_looked_behind() -> None:
    """The tables of a report name the entries behind their cells."""
    totals = report_of("panjin-2010", "0.02").tables[0]
    cell = totals["2013", "handovers"]
    assert isinstance(cell, pr.Amount)
    behind = totals.entries("2013", "handovers")
    assert len(behind) == cell.value > 0
    assert {type(entry) for entry in behind} == {pr.HandedOver}


def test_what_cannot_be_told() -> None:
    """Arguments of other types and other languages are refused."""
    book = told("panjin-2010", "0.02")
    with pytest.raises(ArgumentError) as caught:
        report(book.policy, book.roster, book.register, on=book.on, language="fr")
    assert str(caught.value) == "language: wanted one of en, zh; got 'fr' [unknown-language]"
    with pytest.raises(ArgumentError) as caught:
        report(book.policy.name, book.roster, book.register, on=book.on)  # type: ignore[arg-type]
    assert str(caught.value) == "policy: wanted a Policy, got 'panjin-2010' [bad-type]"
    with pytest.raises(ArgumentError) as caught:
        report(book.policy, book.roster, book.register, on="2016-02-30")  # type: ignore[arg-type]
    assert str(caught.value) == "on: wanted a day as YYYY-MM-DD, got '2016-02-30' [bad-date]"


@pytest.mark.parametrize("programme", ["liaoyang-1994", "hubei-2011"])
def test_the_command(programme: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`report NAME` prints the page, with `--json` the data, in either language."""
    assert main(["report", programme, "--scale", "0.01", "--language", "zh"]) == 0
    page = capsys.readouterr().out
    assert page.startswith(f"{programme} {pr.programme(programme).title} · ")
    assert main(["report", programme, "--scale", "0.01", "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["programme"] == programme
    assert len(data["sentences"]) == page.split("\n\n")[1].count("\n- ") + 1


def test_a_stream_tells_of_visits_alone() -> None:
    """Nobody knows from a stream of visits who is responsible, or what was given: it is not told as none."""
    book = told("panjin-2010", "0.02")
    visits = [entry for entry in book.register if isinstance(entry, pr.Visited)]
    for name, count in (("ours", 1), ("panjin-2010", 1)):
        page = report(evolve(book.policy, name=name), book.roster, iter(visits), on=book.on)
        assert len(page.sentences) == count
        assert {column.name for table in page.tables for column in table.columns} <= {
            "person-visits",
            "household-visits",
            "households visited",
            "contacts",
            "households reached",
        }


def test_a_report_of_an_early_day_or_of_a_poor_book_tells_nothing_as_nothing() -> None:
    """Where a kind of aid was not given yet, its figure is 0; an empty book has a report too."""
    book = told("liaoyang-1994", "0.02")
    early = report(book.policy, book.roster, book.register, on=date(1994, 10, 2))
    assert early.sentences[4].words == "Houses repaired or built: 0 households, 0 rooms."
    for name in ("liaoyang-1994", "panjin-2010", "gansu-2012", "hubei-2011"):
        nobody = pr.Roster(pr.AreaTree([]))
        assert str(report(pr.programme(name), nobody, pr.Register(), on=date(2013, 1, 1)))
    for last in (date.max, date(1994, 9, 1)):
        assert str(report(book.policy, book.roster, book.register, on=last))
    panjin = told("panjin-2010", "0.02")
    assert str(report(evolve(panjin.policy, name="words"), panjin.roster, panjin.register, on=panjin.on))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_report_begins_with_the_first_day_of_the_book_where_the_policy_names_no_day(language: str) -> None:
    """Without an effective day its tables begin with the first entry; of a stream, with the first visit."""
    book = told("panjin-2010", "0.02")
    ours = pr.Policy("ours", book.policy.helpers)
    visits = [entry for entry in book.register if isinstance(entry, pr.Visited)]
    first = min(entry.on for entry in book.register)
    last = book.on + timedelta(days=1)
    for record, begin in ((book.register, first), (iter(visits), min(entry.on for entry in visits))):
        page = report(ours, book.roster, record, on=book.on, language=language)
        assert page.tables[0].during == pr.Span(begin, last)
        assert str(begin) in str(page)
        assert "0001-01-01" not in str(page)
    ever = report(ours, book.roster, book.register, on=book.on, during=pr.Span(date.min, last), language=language)
    assert [s.words for s in ever.sentences] == [
        s.words for s in report(ours, book.roster, book.register, on=book.on, language=language).sentences
    ]
    for nothing in (pr.Register(), iter(())):
        page = report(ours, book.roster, nothing, on=book.on, language=language)
        assert page.tables[0].during == pr.Span(book.on, last)
    for early in (book.register, iter(visits)):
        page = report(ours, book.roster, early, on=date(2000, 1, 1), language=language)
        assert page.tables[0].during == pr.Span(date(2000, 1, 1), date(2000, 1, 2))


def test_a_vacancy_has_one_name_in_chinese() -> None:
    """A report calls a vacancy what the glossary calls it."""
    ours = evolve(told("panjin-2010", "0.02").policy, name="ours")
    for policy in (ours, pr.programme("panjin-2010")):
        page = str(report(policy, pr.Roster(pr.AreaTree([])), pr.Register(), on=date(2013, 1, 1), language="zh"))
        assert "空缺0" in page
        assert "空岗" not in page


@pytest.mark.parametrize("during", [0, "", [], "2012", pr.Span(date(1995, 1, 1))])
def test_the_time_of_a_report_is_a_span_that_has_an_end(during: object) -> None:
    """Whatever is no span of days with an end is refused, and told by its name."""
    book = told("liaoyang-1994", "0.02")
    with pytest.raises(ArgumentError) as caught:
        report(book.policy, book.roster, book.register, on=book.on, during=during)  # type: ignore[arg-type]
    assert str(caught.value).startswith("during: wanted a Span that has an end, or None, got ")


def test_tables_of_a_chinese_report_are_chinese() -> None:
    """Titles, days, heads and units of its tables are in Chinese, on paper and on pages."""
    book = told("panjin-2010", "1/50")
    chinese = report(book.policy, book.roster, book.register, on=book.on, language="zh")
    text, page = str(chinese), chinese._repr_html_()
    assert "\n合计, 2010-12-01至2016-12-01\n" in text
    assert "合计 2010-12-01至2016-12-01" in page
    for english in (" to ", "person-visits", "households", "totals", "coverage"):
        assert english not in text
        assert english not in page.split("</style>")[-1]
