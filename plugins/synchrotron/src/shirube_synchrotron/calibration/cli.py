"""``shirube calibrate``: from scans of gold to photon energies, calibration files and sidecars."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from shirube.cli.common import Session, common_options, japan_today, lenient_option
from shirube.errors import UsageError
from shirube_synchrotron.calibration.phrases import message

if TYPE_CHECKING:
    from shirube_synchrotron.calibration.record import Stated
    from shirube_synchrotron.calibration.sidecars import SidecarPlan
    from shirube_synchrotron.calibration.workflow import Calibrated, Wishes

#: Options that take every file up to the next option, as a shell's wildcard gives them.
_SEVERAL: Final = ("--sidecars",)
#: No surface holds its electrons with more; as the conversion has it, which is not imported for an option's range.
_LARGEST_WORK_FUNCTION: Final = 10.0

__all__ = ["calibrate"]


class _Finite(click.FloatRange):
    """A number within a range; unlike click's own, nan is in none."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the number, or fail as click does."""
        number = super().convert(value, param, ctx)
        if not math.isfinite(number):
            self.fail(f"{value!r} is not a finite number.", param, ctx)
        return number


class _SeveralFiles(click.Command):
    """A command with options that take several files each: ``--sidecars A.txt B.txt``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Give every file of such an option the option's name before click sees it."""
        return super().parse_args(ctx, _spread(args, ctx))


def _spread(arguments: Sequence[str], ctx: click.Context) -> list[str]:
    spread: list[str] = []
    option, waiting = "", False
    for argument in (*arguments, ""):
        if not argument or (argument.startswith("-") and argument != "-"):
            if waiting:
                raise click.BadOptionUsage(option, f"Option {option!r} requires at least one file.", ctx)
            name, given, _ = argument.partition("=")
            option = name if name in _SEVERAL else ""
            waiting = bool(option and not given)
            spread += [argument] if argument and not waiting else []
        else:
            spread += [option, argument] if option else [argument]
            waiting = False
    return spread


@click.command(cls=_SeveralFiles, short_help="Calibrate photon energy and resolution at the Fermi edge of gold.")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--region", help="Name, number or id of the gold region (default: found). / 金のリージョン（名前・番号）")
@click.option(
    "--temperature",
    type=_Finite(min=0.0, min_open=True, max=5000.0),
    metavar="K",
    help="Temperature of the gold (default: as in the file, else 300 K). / 金の温度",
)
@click.option(
    "--window",
    nargs=2,
    type=_Finite(min=0.0, min_open=True),
    metavar="BELOW ABOVE",
    help="How far from the edge is fitted, in eV (default: 1.0 0.6, or more). / フェルミ端の下と上の解析範囲",
)
@click.option(
    "--work-function",
    type=_Finite(0.0, _LARGEST_WORK_FUNCTION),
    default=0.0,
    metavar="EV",
    help="Added to the Fermi level to give the photon energy; goes into the sidecars, too.  [0] / 仕事関数",
)
@click.option("--standard", metavar="TEXT", help="Standard sample, such as evaporated gold. / 標準サンプル")
@click.option("--operator-role", metavar="TEXT", help="Role of who calibrates; no name. / 実施者の役割（氏名は不可）")
@click.option("--reason", metavar="TEXT", help="Why it is done, such as a new photon energy. / 校正の理由")
@click.option(
    "--previous-photon-energy",
    type=_Finite(min=0.0, min_open=True),
    metavar="EV",
    help="The photon energy that held before. / 以前の光エネルギー",
)
@click.option("--date", "day", metavar="DATE", help="When, YYYY-MM-DD (default: as in the file). / 校正日")
@click.option("--changed-on", metavar="DATE", help="When the photon energy was changed. / 光エネルギーの変更日")
@click.option("--guide", help="The guide to compare with (default: the one that matches). / ガイド名")
@click.option("--reader", help="The reader to use. / リーダー名")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    help="Folder for calibration file and figure (default: the current one). / 校正ファイルと図の出力フォルダー",
)
@click.option(
    "--sidecars",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILES...",
    help="Data files to register the photon energy beside. / 光エネルギーを登録するデータファイル（複数可）",
)
@click.option(
    "--any-settings",
    is_flag=True,
    help="Sidecars for other pass energies, lens modes and photon energies, too. / 測定条件が違っても登録する",
)
@click.option("--force", is_flag=True, help="Replace files that say something else. / 内容の異なるファイルを置き換える")
@lenient_option
@common_options
def calibrate(
    session: Session,
    /,
    files: tuple[Path, ...],
    output: Path,
    sidecars: tuple[Path, ...],
    *,
    any_settings: bool,
    force: bool,
    lenient: bool,
    **wishes: Any,
) -> int:
    """Fit the Fermi edge of each gold scan in FILES; print and write photon energy, Fermi level and resolution.

    Each FILE is one scan of gold; several make a series. A file that shows no edge but Au 4f, Ag 3d or Cu 2p checks the
    energy scale. A refused edge writes nothing, and the exit code is 1.

    金の各スキャンのフェルミ端をあてはめ、光エネルギー、フェルミ準位、分解能を表示して保存する。
    """
    from shirube.errors import all_problems
    from shirube_synchrotron.calibration.outputs import outputs_of
    from shirube_synchrotron.calibration.workflow import calibrate_files, read_files
    from shirube_synchrotron.calibration.writing import check_unchanged, write_together

    if lenient:
        session.read_leniently()
    wanted = _wishes(wishes)
    today = japan_today()
    read = read_files(files, session.plugins, session.settings, today, wanted)
    done = calibrate_files(read, session.plugins, session.settings, wanted)
    written = outputs_of(done, output, session.lang)
    problems = list(check_unchanged(written, force=force))
    plan = _planned(session, done, sidecars, wanted, any_settings=any_settings, force=force)
    if plan is not None:
        problems += plan.problems
        written |= {one.path: one.content for one in plan.sidecars}
    if problems:
        raise all_problems(problems)
    new = write_together(written)
    _tell(session, done, plan, written, new)
    return int(any(one.calibration is None for one in done))


def _planned(
    session: Session,
    done: Sequence[Calibrated],
    sidecars: tuple[Path, ...],
    wanted: Wishes,
    *,
    any_settings: bool,
    force: bool,
) -> SidecarPlan | None:
    from shirube_synchrotron.calibration.sidecars import plan_sidecars
    from shirube_synchrotron.calibration.workflow import read_files

    calibrations = [one.calibration for one in done if one.calibration is not None]
    if not sidecars or not calibrations:
        return None
    data = read_files(sidecars, session.plugins, session.settings, japan_today(), wanted)
    return plan_sidecars(calibrations, data, session.plugins, any_settings=any_settings, force=force)


def _wishes(given: Mapping[str, Any]) -> Wishes:
    from shirube_synchrotron.calibration.workflow import Wishes

    return Wishes(
        region=given["region"],
        temperature=given["temperature"],
        work_function=given["work_function"],
        stated=_stated(given),
        guide=given["guide"],
        reader=given["reader"],
        window=given["window"],
    )


def _stated(given: Mapping[str, Any]) -> Stated:
    from shirube.cli.run import parse_day
    from shirube_synchrotron.calibration.record import Stated

    texts = {name: given[name] for name in ("standard", "operator_role", "reason")}
    blank = [name for name, text in texts.items() if text is not None and not text.strip()]
    if blank:
        raise UsageError(message("option-blank", options=", ".join(f"--{name.replace('_', '-')}" for name in blank)))
    days = {
        name: None if given[option] is None else parse_day(given[option]).isoformat()
        for name, option in (("date", "day"), ("changed_on", "changed_on"))
    }
    return Stated(**texts, **days, previous_photon_energy=given["previous_photon_energy"])


def _tell(
    session: Session,
    done: Sequence[Calibrated],
    plan: SidecarPlan | None,
    written: Mapping[Path, bytes],
    new: Sequence[Path],
) -> None:
    from shirube_synchrotron.calibration.telling import document_of_all, lines_of, series_lines, sidecar_lines

    sidecars = () if plan is None else plan.sidecars
    beside = {one.path for one in sidecars}
    outputs = [path for path in written if path not in beside]
    session.answer("shirube-calibrate/1", document_of_all(done, sidecars, [str(path) for path in new]))
    for one in done:
        for line in lines_of(one, session.lang):
            session.say(line)
        session.say("")
    made = [one.calibration for one in done if one.calibration is not None]
    if len(made) > 1:
        for line in series_lines(made, session.lang):
            session.say(line)
        session.say("")
    for sidecar in sidecars:
        for line in sidecar_lines(sidecar, session.lang):
            session.say(line)
    for path in outputs:
        session.say(message("file-written" if path in new else "file-same", path=path))
    if not made:
        session.say(message("nothing-written"))
