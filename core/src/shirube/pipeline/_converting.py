"""Second step: bring every spectrum to the wanted energy scale, and keep what was decided on the way."""

from __future__ import annotations

from typing import Any

from attrs import evolve, frozen

from shirube.blame import Registered, blamed
from shirube.errors import PluginError, UsageError, core_message
from shirube.guides import GuideData
from shirube.hooks import Conversion
from shirube.known import install_hint
from shirube.messages import Text
from shirube.plugins import Plugins
from shirube.records import Converted, Decision, Entry, Facts, Finding, Measurement, Notice, Spectrum, Subject
from shirube.settings import RunSettings, Settings

__all__ = ["ConvertedEntry", "convert_entry"]


@frozen(eq=False)
class ConvertedEntry:
    """An entry on the wanted scale, with decisions and findings."""

    entry: Entry
    decisions: tuple[Decision, ...]
    findings: tuple[Finding, ...]


def convert_entry(
    entry: Entry, guide: GuideData | None, plugins: Plugins, settings: Settings, run: RunSettings
) -> ConvertedEntry:
    """Return the entry with every spectrum on ``run.energy_scale`` where a conversion can bring it there.

    Raises:
        UsageError: Several conversions could, and settings name none.
        MissingPluginError: The named conversion is not installed.
    """
    if run.energy_scale == "as-read":
        return ConvertedEntry(entry, (), ())
    facts = dict(entry.facts)
    decisions: list[Decision] = []
    findings: list[Finding] = []
    measurements: list[Measurement] = []
    for measurement in entry.measurements:
        spectra: list[Spectrum] = []
        for spectrum in measurement.spectra:
            chosen = _choose(spectrum, plugins, run)
            if chosen is None:
                findings.extend(_unconverted(spectrum, run.energy_scale, plugins))
                spectra.append(spectrum)
                continue
            parameters = plugins.parameters(chosen, _values(chosen.name, guide, settings))
            answer = plugins.call(chosen, "convert", spectrum, facts[spectrum.id], parameters)
            converted = _sound(plugins.checked(chosen, answer, Converted), spectrum, chosen)
            spectra.append(converted.spectrum)
            decisions.extend(evolve(one, subject=spectrum.id) for one in converted.decisions)
            facts[spectrum.id] = _decided(facts[spectrum.id], converted.decisions)
            findings.extend(_finding(notice, chosen, spectrum, measurement) for notice in converted.notices)
        measurements.append(evolve(measurement, spectra=spectra))
    done = evolve(entry, measurements=measurements, facts=facts)
    return ConvertedEntry(done, tuple(decisions), tuple(findings))


def _sound(converted: Converted, spectrum: Spectrum, chosen: Registered[Conversion]) -> Converted:
    """Return an answer about the spectrum that was asked about: facts and findings go by its id."""
    changed = converted.spectrum.id
    if changed != spectrum.id:
        message = core_message("conversion-changes-id", conversion=chosen.name, id=spectrum.id, changed=changed)
        raise blamed(PluginError(message), chosen)
    return converted


def _choose(spectrum: Spectrum, plugins: Plugins, run: RunSettings) -> Registered[Conversion] | None:
    if run.conversion is not None:
        plugins.named("shirube_unit_conversions", run.conversion)
    scale = spectrum.reference.scale
    able = [
        one
        for one in plugins.conversions.values()
        if one.record.target == run.energy_scale and scale in one.record.sources and run.conversion in (None, one.name)
    ]
    if len(able) > 1:
        names = ", ".join(f"{one.name} ({one.origin})" for one in able)
        raise UsageError(core_message("two-conversions", conversions=names, scale=run.energy_scale))
    return able[0] if able else None


def _values(name: str, guide: GuideData | None, settings: Settings) -> dict[str, Any]:
    """Return what the guide asks of a conversion, and what settings say against it."""
    asked = guide.conversions.get(name) if guide is not None else None
    return {**(asked or {}), **settings.section(f"conversions.{name}")}


def _unconverted(spectrum: Spectrum, target: str, plugins: Plugins) -> list[Finding]:
    scale = spectrum.reference.scale
    if scale == target:
        return []
    hint = _hint(target, plugins) if scale == "kinetic" else None
    code = "not-converted" if scale == "kinetic" else "scale-unknown"
    text = core_message(code, target=target, hint=hint or Text(en="", ja="")).text()
    return [_core_finding(code, text, spectrum)]


def _hint(target: str, plugins: Plugins) -> Text | None:
    distribution = plugins.kept_out("conversions", target)
    if distribution is not None:
        return core_message("conversion-kept-out", distribution=distribution).text()
    return install_hint("conversions", target)


def _core_finding(code: str, text: Text, spectrum: Spectrum) -> Finding:
    return Finding(
        rule=f"conversion.{code}",
        policy="conversion",
        subject=Subject("spectrum", spectrum.id),
        kind="fail" if code == "not-converted" else "informational",
        severity="should" if code == "not-converted" else "info",
        message=text,
    )


def _decided(facts: Facts, decisions: tuple[Decision, ...]) -> Facts:
    for one in decisions:
        facts = facts.decide(one.term, one.chosen)
    return facts


def _finding(notice: Notice, chosen: Registered[Conversion], spectrum: Spectrum, measurement: Measurement) -> Finding:
    return Finding(
        rule=f"conversion.{chosen.name}.{notice.code}",
        policy=f"conversion.{chosen.name}",
        subject=Subject("spectrum", spectrum.id),
        kind="informational" if notice.severity == "info" else "fail",
        severity=notice.severity,
        # What "should" be looked at is a note: the spectrum is usable as it is.
        note=notice.severity == "should",
        message=notice.text,
        path=measurement.name,
    )
