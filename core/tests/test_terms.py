"""Terms: a vocabulary with a source for every word, extended by plugins under their own prefix."""

import re

import pytest
from attrs import evolve

from shirube.errors import PluginError
from shirube.messages import Text
from shirube.terms import Term, Vocabulary, core_terms, parse_terms
from shirube.text import is_japanese
from shirube.units import convert

LENS = Term(key="ses.lens", label=Text("Lens", "レンズ"), type="string")


def test_the_core_vocabulary_holds_the_words_of_the_field():
    terms = core_terms()
    for key in (
        "photon_energy",
        "work_function",
        "pass_energy",
        "energy_scale",
        "fermi_level",
        "temperature",
        "peak_area",
    ):
        assert key in terms
    assert terms["photon_energy"].unit == "eV"
    assert terms["sweeps"].type == "integer"


def test_every_core_term_has_both_labels_a_source_and_a_unit_that_converts():
    for key, term in core_terms().items():
        assert re.fullmatch(r"[a-z][a-z0-9_]*", key)
        assert term.key == key
        assert term.source
        assert not is_japanese(term.label.en)
        assert is_japanese(term.label.ja)
        if term.unit is not None:
            assert term.type in ("number", "integer")
            assert convert(1.0, term.unit, term.unit) == 1.0


def test_a_plugin_adds_terms_under_its_prefix():
    extended = core_terms().extended([LENS], "ses")
    assert extended["ses.lens"] == LENS
    assert len(extended) == len(core_terms()) + 1
    assert "ses.lens" not in core_terms()
    assert extended.extended([LENS], "ses") == extended


@pytest.mark.parametrize(
    ("key", "owner"), [("lens", "ses"), ("ses_lens", "ses"), ("other.lens", "ses"), ("photon_energy", "ses")]
)
def test_a_term_without_its_prefix_is_refused(key, owner):
    with pytest.raises(PluginError, match="outside its own prefix"):
        core_terms().extended([Term(key=key, label=Text("x", "x"), type="string")], owner)


def test_a_term_defined_differently_again_is_refused():
    other = Term(key="ses.lens", label=Text("Lens", "レンズ"), type="number")
    with pytest.raises(PluginError, match="again"):
        core_terms().extended([LENS, other], "ses")


def test_terms_are_read_from_toml():
    text = '[terms."ses.lens"]\nen = "Lens"\nja = "レンズ"\ntype = "string"\n'
    assert parse_terms(text, "x.toml") == (LENS,)
    assert parse_terms(f"{text}exact = true\n", "x.toml") == (evolve(LENS, exact=True),)
    assert parse_terms("", "x.toml") == ()
    assert parse_terms("[[map]]\nkey = 'x'\n", "x.toml") == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[terms", "not TOML"),
        ("terms = 3", "terms"),
        ("terms = ['a']", "terms"),
        ("[term.x]\nen='x'", "term"),
        ("[terms]\nx = 'text'", "malformed"),
        ("[terms.x]\nen='x'\nja='x'", "malformed"),
        ("[terms.x]\nen='x'\nja='x'\ntype='text'", "malformed"),
        ("[terms.x]\nen=1\nja='x'\ntype='string'", "malformed"),
        ("[terms.x]\nen='x'\nja='x'\ntype='string'\nuint='eV'", "malformed"),
        ("[terms.x]\nen='x'\nja='x'\ntype='string'\nexact='yes'", "malformed"),
        ("[terms.X]\nen='x'\nja='x'\ntype='string'", "malformed"),
        ("[terms.'a b']\nen='x'\nja='x'\ntype='string'", "malformed"),
    ],
)
def test_malformed_terms_name_the_file(text, said):
    with pytest.raises(PluginError, match=said) as caught:
        parse_terms(text, "map.toml")
    assert caught.value.path == "map.toml"
    assert caught.value.render("ja")


def test_a_plugin_whose_name_has_hyphens_writes_them_as_underscores():
    term = Term(key="my_site.total", label=Text(en="Total", ja="合計"), type="number")
    assert "my_site.total" in Vocabulary({}).extended([term], "my-site")
    with pytest.raises(PluginError, match="my_site"):
        Vocabulary({}).extended([term], "our-site")
