"""Settings come in layers, know where they came from, and refuse what nobody would have understood."""

import pytest

from shirube.errors import SettingsError, UsageError
from shirube.settings import Settings, load_settings, project_settings


@pytest.fixture
def layers(tmp_path):
    facility = tmp_path / "facility" / "shirube.toml"
    project = tmp_path / "project" / "shirube.toml"
    named = tmp_path / "named.toml"
    for path in (facility, project):
        path.parent.mkdir()

    def load(*, facility_text="", project_text="", named_text=None, sets=()):
        facility.write_text(facility_text, encoding="utf-8")
        project.write_text(project_text, encoding="utf-8")
        if named_text is not None:
            named.write_text(named_text, encoding="utf-8")
        config = None if named_text is None else named
        return load_settings(facility=facility, project=project.parent, config=config, sets=sets)

    return load


def test_each_layer_wins_over_the_one_before_and_is_remembered(layers):
    settings = layers(
        facility_text="[analyses.x]\na = 1\nb = 1\nc = 1\nd = 1\n",
        project_text="[analyses.x]\nb = 2\nc = 2\nd = 2\n",
        named_text="[analyses.x]\nc = 3\nd = 3\n",
        sets=("analyses.x.d=4",),
    )
    assert settings.section("analyses.x") == {"a": 1, "b": 2, "c": 3, "d": "4"}
    layer_of = {name.rpartition(".")[2]: one.layer for name, one in settings.leaves.items()}
    assert layer_of == {"a": "facility", "b": "project", "c": "file", "d": "command line"}


def test_the_cores_own_settings_are_typed(layers):
    settings = layers(project_text='[run]\nfail_on = "should"\n', sets=("run.analyses=bicfit,other",))
    assert settings.run.fail_on == "should"
    assert settings.run.analyses == ("bicfit", "other")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[rum]\nguide = 'x'\n", "no settings section 'rum'. Did you mean 'run'"),
        ("[run]\ngiude = 'x'\n", "run.giude.*Did you mean 'guide'"),
        ("[run]\nfail_on = 'sometimes'\n", "run.fail_on.*'sometimes'"),
        ("[run]\nguide = 3\n", "run.guide"),
        ("analyses = 3\n", "analyses"),
        ("[run\n", "line 1"),
    ],
)
def test_a_mistake_is_an_error_that_says_what_was_meant(layers, text, said):
    with pytest.raises(SettingsError, match=said):
        layers(project_text=text)


def test_all_mistakes_of_a_file_are_told_at_once(layers):
    with pytest.raises(SettingsError) as caught:
        layers(project_text="[rum]\na = 1\n[run]\ngiude = 'x'\n")
    assert "rum" in str(caught.value)
    assert "giude" in str(caught.value)


def test_plugin_files_and_lists_are_honoured_from_trusted_files_only(layers, tmp_path):
    text = "[plugins]\nfiles = ['site.py']\nblock = ['bicfit']\n"
    found_beside_data = layers(project_text=text)
    assert found_beside_data.plugin_files() == ()
    assert found_beside_data.plugins.block == ()
    assert len(found_beside_data.warnings) == 2
    trusted = layers(named_text=text)
    assert trusted.plugin_files() == (tmp_path / "site.py",)
    assert trusted.plugins.block == ("bicfit",)
    assert layers(facility_text=text).plugin_files() == (tmp_path / "facility" / "site.py",)


def test_a_named_file_that_is_missing_is_an_error(tmp_path):
    with pytest.raises(SettingsError, match="no such settings file"):
        load_settings(config=tmp_path / "absent.toml", project=tmp_path, facility=tmp_path / "none.toml")


@pytest.mark.parametrize("text", ["analyses.x.y", "=3", ""])
def test_a_set_that_is_no_assignment_is_a_usage_error(layers, text):
    with pytest.raises(UsageError, match=r"section\.name=value"):
        layers(sets=(text,))


def test_waivers_are_read_with_their_dates(layers):
    settings = layers(
        facility_text='[[waivers]]\nrule = "R-1"\nreason = "agreed with the office"\n'
        'approved_by = "K. Sato"\nexpires = 2027-03-31\n'
    )
    (waiver,) = settings.waivers
    assert (waiver.rule, waiver.expires) == ("R-1", "2027-03-31")


def test_a_waiver_without_an_approver_is_an_error(layers):
    with pytest.raises(SettingsError, match="approved_by"):
        layers(facility_text='[[waivers]]\nrule = "R-1"\nreason = "because"\n')


def test_all_that_is_wrong_with_waivers_is_told_at_once(layers):
    with pytest.raises(SettingsError) as caught:
        layers(
            facility_text='[[waivers]]\nrule = "R"\nreason = "agreed"\napproved_by = "me"\nexpire = 2027-03-31\n'
            '[[waivers]]\nrule = 3\nreason = "agreed"\n'
        )
    said = str(caught.value)
    assert "waivers[1].expire: waivers have no such key; remove or rename it. Did you mean 'expires'?" in said
    assert "waivers[2].rule: expected a text or a date, got 3" in said
    assert "waiver 2 needs the texts" in said
    assert caught.value.path.endswith("shirube.toml")


@pytest.mark.parametrize("linked", [False, True])
def test_a_facility_file_in_its_own_folder_is_read_once_and_trusted(tmp_path, monkeypatch, linked):
    text = '[plugins]\nblock = ["x"]\n[[waivers]]\nrule = "R"\nreason = "agreed"\napproved_by = "me"\n'
    (tmp_path / "shirube.toml").write_text(text, encoding="utf-8")
    named = tmp_path / ("link.toml" if linked else "shirube.toml")
    if linked:
        named.symlink_to(tmp_path / "shirube.toml")
    monkeypatch.setenv("SHIRUBE_CONFIG", str(named))
    monkeypatch.chdir(tmp_path)
    settings = load_settings()
    assert [layer for layer, _ in settings.files] == ["facility"]
    assert (len(settings.waivers), settings.warnings, settings.plugins.block) == (1, (), ("x",))


def test_a_project_file_that_is_also_named_is_read_once_and_trusted(tmp_path):
    (tmp_path / "shirube.toml").write_text('[plugins]\nblock = ["x"]\n', encoding="utf-8")
    settings = load_settings(config=tmp_path / "shirube.toml", project=tmp_path, facility=tmp_path / "none.toml")
    assert [layer for layer, _ in settings.files] == ["file"]
    assert (settings.warnings, settings.plugins.block) == ((), ("x",))


def test_a_facility_file_that_is_a_folder_is_called_one(tmp_path, monkeypatch):
    monkeypatch.setenv("SHIRUBE_CONFIG", str(tmp_path))
    with pytest.raises(SettingsError, match=r"names a folder, not a settings file; name the file in it \(shirube"):
        load_settings(project=tmp_path)


def test_values_for_provenance_are_plain_and_sorted(layers):
    settings = layers(project_text="[run]\nanalyses = ['b', 'a']\n[facts]\nwork_function = 4.4\n")
    assert list(settings.values().items()) == [("facts.work_function", 4.4), ("run.analyses", ("b", "a"))]


def test_without_files_everything_is_default():
    assert Settings().run.energy_scale == "binding"


def test_a_jobs_own_file_wins_over_the_facility_and_loses_to_what_is_typed(layers, tmp_path):
    (tmp_path / "job").mkdir()
    (tmp_path / "job" / "shirube.toml").write_text(
        "[analyses.x]\na = 2\nb = 2\n[plugins]\nblock = ['y']\n", encoding="utf-8"
    )
    settings = layers(facility_text="[analyses.x]\na = 1\nc = 1\n", sets=("analyses.x.b=3",))
    merged = settings.with_project(project_settings(tmp_path / "job"))
    assert merged.section("analyses.x") == {"a": 2, "b": "3", "c": 1}
    assert merged.plugins.block == ()


def test_a_folder_without_settings_has_none(tmp_path):
    assert project_settings(tmp_path) == Settings()


def test_a_facility_file_that_is_named_and_missing_is_an_error(tmp_path, monkeypatch):
    monkeypatch.setenv("SHIRUBE_CONFIG", str(tmp_path / "slip.toml"))
    with pytest.raises(SettingsError, match="SHIRUBE_CONFIG"):
        load_settings(project=tmp_path)


@pytest.mark.parametrize("text", ["plugins.files=evil.py", "plugins.allow=bad", "plugins.block=good"])
def test_what_plugins_may_run_is_not_said_with_set(layers, text):
    with pytest.raises(UsageError, match="facility's file"):
        layers(sets=(text,))


@pytest.mark.parametrize("text", ['[run]\nfail_on = "shuold"\n', "[run]\nguide = 3\n", "[plugins]\nblock = 3\n"])
def test_a_wrong_value_names_its_file(layers, text):
    with pytest.raises(SettingsError, match=r"named\.toml: "):
        layers(named_text=text)


def test_a_file_that_is_not_utf8_says_to_save_it_so(tmp_path):
    path = tmp_path / "sjis.toml"
    path.write_bytes("[run]\n# 設定\n".encode("cp932"))
    with pytest.raises(SettingsError, match=r"sjis\.toml: .*save it as UTF-8"):
        load_settings(config=path, project=tmp_path, facility=tmp_path / "none.toml")


def test_waivers_are_not_set_on_the_command_line(layers):
    with pytest.raises(SettingsError, match="waivers"):
        layers(sets=("waivers=3",))


@pytest.mark.parametrize("text", ["nan", "-inf", "[1.0, inf]"])
def test_a_number_that_is_not_finite_is_refused_by_name(tmp_path, text):
    (tmp_path / "shirube.toml").write_text(f"[analyses.fit]\nlimit = {text}\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"shirube\.toml: analyses\.fit\.limit .*finite"):
        load_settings(project=tmp_path, facility=tmp_path / "absent.toml")


def test_a_number_that_is_not_finite_is_refused_also_when_a_program_sets_it():
    with pytest.raises(SettingsError, match="finite"):
        Settings().with_values({"analyses.fit.limit": float("nan")}).values()


PROFILES = """
[policies.arim]
basis = "a"
tolerance = 0.1
[profiles.spectroscopy.policies.arim]
basis = "b"
[profiles.ses.policies.arim]
tolerance = 0.3
[profiles.ses]
extends = "spectroscopy"
[[profiles.ses.waivers]]
rule = "X-1"
reason = "agreed with everybody"
approved_by = "M. Sato"
"""


class TestProfiles:
    def test_a_profile_lies_on_the_one_it_extends_between_facility_and_project(self, layers):
        settings = layers(facility_text=PROFILES, project_text="[policies.arim]\ntolerance = 0.5\n").with_profile("ses")
        assert settings.section("policies.arim") == {"basis": "b", "tolerance": 0.5}
        basis = settings.leaves["policies.arim.basis"]
        assert (basis.layer, basis.where) == ("profile", "shirube.toml: profiles.spectroscopy")
        assert [waiver.rule for waiver in settings.waivers] == ["X-1"]

    def test_none_is_in_force_before_it_is_named(self, layers):
        settings = layers(facility_text=PROFILES)
        assert settings.section("policies.arim") == {"basis": "a", "tolerance": 0.1}
        assert settings.waivers == ()

    def test_a_project_found_beside_the_settings_still_wins_over_a_profile(self, layers, tmp_path):
        settings = layers(facility_text=PROFILES).with_profile("ses")
        beside = tmp_path / "job" / "shirube.toml"
        beside.parent.mkdir()
        beside.write_text('[policies.arim]\nbasis = "c"\n', encoding="utf-8")
        assert settings.with_project(project_settings(beside.parent)).section("policies.arim")["basis"] == "c"

    def test_a_project_file_offers_none_and_that_is_said(self, layers):
        settings = layers(project_text=PROFILES)
        assert any("profiles" in warning.en for warning in settings.warnings)
        with pytest.raises(UsageError, match="no profile 'ses'"):
            settings.with_profile("ses")

    @pytest.mark.parametrize(
        ("text", "name", "error", "said"),
        [
            (PROFILES, "sess", UsageError, "there are: spectroscopy, ses.*Did you mean 'ses'"),
            ("[profiles.a]\nextends = 'b'\n[profiles.b]\nextends = 'a'\n", "a", SettingsError, "extends itself"),
            ("[profiles.a]\nextends = 'b'\n", "a", SettingsError, "no profile 'b'"),
            ("[profiles.a.plugins]\nallow = []\n", "a", SettingsError, "may not hold plugins"),
            ("[profiles.a.rum]\nx = 1\n", "a", SettingsError, "no settings section 'rum'"),
            ("[profiles.a.run]\nfail_on = 'now'\n", "a", SettingsError, "run.fail_on"),
            ("profiles = 3\n", "a", SettingsError, "no table of settings"),
            ("[profiles]\na = 3\n", "a", SettingsError, "profiles.a is no table"),
        ],
    )
    def test_what_cannot_be_a_profile_is_refused(self, layers, text, name, error, said):
        with pytest.raises(error, match=said):
            layers(facility_text=text).with_profile(name)


def test_layers_change_single_leaves_of_the_entries_of_a_guide(layers):
    entry = "[[guides.g.conditions.narrow.conditions]]\nterm = 'pass_energy'\n"
    settings = layers(facility_text=f"{entry}value = 100\ntolerance = 2\n", project_text=f"{entry}value = 50\n")
    narrow = settings.section("guides.g")["conditions"]["narrow"]["conditions"]
    assert narrow == {"pass_energy": {"term": "pass_energy", "value": 50, "tolerance": 2}}


@pytest.mark.parametrize("text", ["[guides.g]\na = 1\n", "[guides.g.a.b]\nc = 1\n"])
def test_a_name_is_a_value_or_a_table_and_not_both(layers, text):
    settings = layers(facility_text=text, sets=["guides.g.a.b=2"])
    with pytest.raises(SettingsError, match=r"a\.b"):
        settings.section("guides.g")
