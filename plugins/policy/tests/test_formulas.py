"""Formulae, compositions and stacks: what is read, and what only looks like one."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shirube_policy.formulas import (
    FormulaError,
    composition,
    formulas_in,
    is_formula,
    parse_formula,
    stacks_in,
    suggested,
)
from shirube_policy.formulas.elements import METALS, ORDERED
from shirube_policy.judges.properties import cas_numbers, valid_cas

FORMULAS = {
    "TiO2": {"Ti": 1, "O": 2},
    "TiO$_2$": {"Ti": 1, "O": 2},
    "C<sub>6</sub>H<sub>12</sub>O<sub>6</sub>": {"C": 6, "H": 12, "O": 6},
    "SiO₂": {"Si": 1, "O": 2},
    "ＳｉＯ２": {"Si": 1, "O": 2},
    "Al2(SO4)3": {"Al": 2, "S": 3, "O": 12},
    "Ca10(PO4)6(OH)2": {"Ca": 10, "P": 6, "O": 26, "H": 2},
    "[Co(NH3)6]Cl3": {"Co": 1, "N": 6, "H": 18, "Cl": 3},
    "CuSO4·5H2O": {"Cu": 1, "S": 1, "O": 9, "H": 10},
    "CuSO4・5H2O": {"Cu": 1, "S": 1, "O": 9, "H": 10},
    "CuSO4.5H2O": {"Cu": 1, "S": 1, "O": 9, "H": 10},
    "Fe0.7Co0.3": {"Fe": 0.7, "Co": 0.3},
    "Na": {"Na": 1},
    "Nd": {"Nd": 1},
    "C": {"C": 1},
    "BN": {"B": 1, "N": 1},
    "CO": {"C": 1, "O": 1},
    "KNO3": {"K": 1, "N": 1, "O": 3},
    "H2SO4": {"H": 2, "S": 1, "O": 4},
    "Fe3+": {"Fe": 1},
    "SO42-": {"S": 1, "O": 4},
    "D2O": {"D": 2, "O": 1},
}
VARIABLE = {
    "La0.7Sr0.3MnO3-δ": {"La": 0.7, "Sr": 0.3, "Mn": 1},
    "YBa2Cu3O7-x": {"Y": 1, "Ba": 2, "Cu": 3},
    "AlxGa1-xAs": {"As": 1},
    "Al(x)Ga(1-x)As": {"As": 1},
    "Al_{x}Ga_{1−x}As": {"As": 1},
    "LiNi1-x-yMnxCoyO2": {"Li": 1, "O": 2},
    "(C2H4)n": {},
    "Fe2O3·nH2O": {"Fe": 2},
    "SiOx": {"Si": 1},
}
REFUSED = {
    "": "blank",
    " ": "blank",
    "NaN": "placeholder",
    "No": "placeholder",
    **dict.fromkeys(["SUS", "SUS304", "PP", "PVC", "PS", "PPS", "SOI", "UV", "YBCO", "BSCCO", "BCP"], "abbreviation"),
    **dict.fromkeys(["SIO2", "TIO2", "sio2", "fe", "nacl"], "case"),
    **dict.fromkeys(["Alq3", "ITO", "ABS", "GF", "SU-8", "PZT", "YSZ", "HOPG", "PEDOT:PSS", "p-Si(100)"], "syntax"),
    **dict.fromkeys(
        ["semi", "sample A", "O0", "()", "(", "Si)", "(Si]", "2", "-", "Si/SiO2", "鉄", "iron", "Nn.n6S4S/"], "syntax"
    ),
}


@pytest.mark.parametrize(("text", "amounts"), FORMULAS.items())
def test_a_formula_is_read(text, amounts):
    formula = parse_formula(text)
    assert dict(formula.amounts) == pytest.approx(amounts)
    assert not formula.variable
    assert set(formula.elements) == set(amounts)


@pytest.mark.parametrize(("text", "amounts"), VARIABLE.items())
def test_variable_amounts_are_known_to_vary(text, amounts):
    formula = parse_formula(text)
    assert formula.variable
    assert dict(formula.amounts) == pytest.approx(amounts)


@pytest.mark.parametrize(("text", "reason"), REFUSED.items())
def test_what_only_looks_like_a_formula_is_refused_with_a_reason(text, reason):
    with pytest.raises(FormulaError) as caught:
        parse_formula(text)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("text", "host", "dopants"),
    [
        ("Nb:SrTiO3", ("Sr", "Ti", "O"), ("Nb",)),
        ("Y2O3:Eu3+", ("Y", "O"), ("Eu",)),
        ("YAlO3:Ce,Tb", ("Y", "Al", "O"), ("Ce", "Tb")),
        ("0.5 wt% Nb:SrTiO3", ("Sr", "Ti", "O"), ("Nb",)),
    ],
)
def test_dopants_stand_on_either_side_of_the_colon(text, host, dopants):
    formula = parse_formula(text)
    assert formula.dopants == dopants
    assert formula.elements == (*host, *dopants)


@pytest.mark.parametrize(
    ("text", "meant"),
    [("SIO2", "SiO2"), ("sio2", "SiO2"), ("TIO2", "TiO2"), ("nacl", "NaCl"), ("semi!", None), ("xyz", None)],
)
def test_a_wrong_case_is_mended_in_a_suggestion(text, meant):
    assert suggested(text) == meant


def test_there_are_118_elements():
    assert len(set(ORDERED)) == 118
    assert ORDERED[0] == "H"
    assert ORDERED[25] == "Fe"
    assert ORDERED[117] == "Og"
    assert "Si" not in METALS
    assert "Fe" in METALS


@pytest.mark.parametrize(
    ("text", "layers"),
    [
        ("SiO2/Si 界面", [("SiO2", "Si")]),
        ("アルミナ/SUS 摺動界面", [("アルミナ", "SUS")]),
        ("有機 EL でのITO/NPD/Alq3/Mg など", [("ITO", "NPD", "Alq3", "Mg")]),
        ("ポリプロピレン/タルクコンパウンド (PP/タルク)", [("ポリプロピレン", "タルク"), ("PP", "タルク")]),
        ("ABS/ガラス繊維コンパウンド (ABS/GF)", [("ABS", "ガラス繊維"), ("ABS", "GF")]),
        ("銅/ステンレスラミネート (Cu/SUS)", [("銅", "ステンレス"), ("Cu", "SUS")]),
        ("ＳｉＯ２／Ｓｉ", [("SiO2", "Si")]),
    ],
)
def test_stacks_are_read_layer_by_layer(text, layers):
    found = stacks_in(text)
    assert [one.layers for one in found] == layers
    assert all(one.known >= 2 or "繊維" in text for one in found)


@pytest.mark.parametrize(
    "text",
    [
        "多層膜",
        "https://x.org/a/b",
        "mol/L",
        "km/h",
        "2024/05/01",
        "5/1",
        "N/A",
        "I-V/C-V",
        "nm/min",
        "SiO2",
        "/",
        "a/",
    ],
)
def test_addresses_dates_units_and_answers_are_no_stacks(text):
    assert stacks_in(text) == ()


@pytest.mark.parametrize(
    ("text", "total", "ratio"),
    [
        ("Al 90%, Cu 10%", 100, True),
        ("Al 90%, Cu 20%", 110, True),
        ("90wt%Al-10wt%Cu", 100, True),
        ("Ni80Fe20", None, True),
        ("Ti-6Al-4V", None, True),
        ("AlCu合金", None, False),
        ("純度 99.99%", None, False),
        ("湿度 45%", None, False),
        ("Fe, Cu, Al", None, False),
    ],
)
def test_shares_need_an_element_beside_them(text, total, ratio):
    found = composition(text)
    assert found.total == total
    assert found.ratio is ratio


def test_the_base_of_an_alloy_has_what_is_left():
    shares = {one.element: one.share for one in composition("Ti-6Al-4V").parts}
    assert shares == {"Ti": 90, "Al": 6, "V": 4}


def test_words_of_a_sentence_are_no_elements():
    assert formulas_in("As received, measured In air, at 300 K") == (parse_formula("K"),)
    assert [one.text for one in formulas_in("基板はSi、膜はTiO2です")] == ["Si", "TiO2"]


def test_the_check_digit_of_a_cas_number():
    assert valid_cas("13463-67-7")
    assert not valid_cas("13463-67-8")
    assert not valid_cas("titania")
    assert cas_numbers("作製日 2024-05-1、CAS: 13463-67-7", "") == [("13463-67-7", True)]


plain_formulas = st.lists(
    st.tuples(st.sampled_from(ORDERED), st.integers(1, 99)), min_size=2, max_size=6, unique_by=lambda one: one[0]
).filter(lambda parts: any(len(symbol) == 2 for symbol, _ in parts) and {symbol for symbol, _ in parts} != {"Na", "N"})


@given(plain_formulas)
def test_what_is_written_from_elements_and_amounts_is_read_back(parts):
    text = "".join(f"{symbol}{amount if amount > 1 else ''}" for symbol, amount in parts)
    assert dict(parse_formula(text).amounts) == pytest.approx(dict(parts))


@given(plain_formulas, st.integers(2, 9))
def test_brackets_multiply(parts, times):
    inner = "".join(f"{symbol}{amount}" for symbol, amount in parts)
    assert dict(parse_formula(f"({inner}){times}").amounts) == pytest.approx({key: n * times for key, n in parts})


@given(st.text(max_size=60))
def test_any_text_is_a_formula_or_refused(text):
    assert is_formula(text) in (True, False)
    suggestion = suggested(text)
    assert suggestion is None or suggestion.casefold() == suggestion.casefold().strip()


@given(st.text(alphabet="()[]ABCHNOSiTxn0123456789-+.·:/%, 膜", max_size=80))
def test_texts_of_the_letters_of_formulae_never_break_the_readers(text):
    formulas_in(text)
    for stack in stacks_in(text):
        assert len(stack.layers) >= 2
    found = composition(text)
    assert found.total is None or found.total >= 0


class TestTime:
    """Texts of a hostile record take time in proportion to their length: a ratio in one run, not a time."""

    @pytest.mark.parametrize("read", [stacks_in, composition, formulas_in], ids=lambda one: one.__name__)
    @pytest.mark.parametrize("piece", ["Ab2C", "(C", "1", "-", "あ", "A ", "Al 9", "C(2)", "H2/", "12.5% "])
    def test_eight_times_the_text_takes_far_less_than_eight_times_eight_times_the_time(self, read, piece):
        def seconds(length):
            text = (piece * length)[:length]
            start = time.process_time()
            read(text)
            return time.process_time() - start

        short = min(seconds(4_000) for _ in range(3))
        assert min(seconds(32_000) for _ in range(2)) < 32 * max(short, 1e-3)

    def test_layers_with_notes_are_still_read(self):
        (stack,) = stacks_in("Al2O3(10nm)(c)/SiO2(300 nm)/Si")
        assert stack.layers == ("Al2O3(10nm)(c)", "SiO2(300 nm)", "Si")
