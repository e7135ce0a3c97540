"""The settings of the peak fit."""

from __future__ import annotations

from shirube.errors import SettingsError
from shirube.parameters import parameter, parameters
from shirube_bicfit.choices import IntervalMethod, NoiseChoice
from shirube_bicfit.phrases import message

__all__ = ["Parameters"]


@parameters
class Parameters:
    """What can be set; every default follows the data reference guide or is derived from the region.

    ``max_range``, ``max_be``, ``range_low``, ``range_high``, ``regions`` and ``any_scale`` choose which regions of a
    file are fitted, and which part of them, ``top`` what of a fit is written: ``shirube fit`` and ``shirube run`` heed
    them. :func:`~shirube_bicfit.fitting.fit_spectrum`, :func:`~shirube_bicfit.batch.fit_spectra` and
    :func:`~shirube_bicfit.batch.fit_series` take spectra from end to end as they are handed over, whatever these seven
    say.

    Raises:
        SettingsError: A lower bound is not below the upper one, a choice is empty, or ``doublet`` holds what is
            neither a known level nor two numbers.
    """

    max_peaks: int = parameter(8, en="Largest number of peaks tried.", ja="試すピーク本数の上限。", ge=1, le=30)
    starts: int = parameter(
        155,
        en="Most starting models of a variant, over all numbers of peaks; solutions of rival variants come on top.",
        ja="初期値の総数の上限（変種ごと、全ピーク本数の合計）。競合する別の変種の解から始めるものは含まない。",
        ge=1,
        le=5000,
    )
    random_starts: int = parameter(
        0,
        en="Random starts on top of these, for each number of peaks up to two beyond the best one; more find rarer "
        "solutions and take longer.",
        ja="これらに加える乱数による初期値の数（最良の本数より 2 本多いものまで、本数ごと）。多いほど稀な解まで"
        "見つかるが、時間がかかる。",
        ge=0,
        le=10000,
    )
    max_range: float = parameter(
        200.0,
        en="Regions with a wider energy range are not fitted.",
        ja="エネルギー範囲の幅がこれを超えるリージョンは対象にしない。",
        unit="eV",
        gt=0.0,
    )
    max_be: float | None = parameter(
        None,
        en="Regions that reach beyond this binding energy are not fitted; the other reading of the guide's limit.",
        ja="この束縛エネルギーを超えるリージョンは対象にしない（ガイドの上限値のもう一つの解釈）。",
        unit="eV",
    )
    range_low: float | None = parameter(
        None, en="Lowest energy that is fitted.", ja="フィットする範囲の低エネルギー端。", unit="eV"
    )
    range_high: float | None = parameter(
        None, en="Highest energy that is fitted.", ja="フィットする範囲の高エネルギー端。", unit="eV"
    )
    regions: tuple[str, ...] = parameter(
        (),
        en="Only these regions, by name, number in the file or id; without any, all.",
        ja="対象とするリージョン（名前、ファイル内の番号、ID）。指定しなければすべて。",
    )
    fwhm_min: float | None = parameter(
        None,
        en="Smallest full width at half maximum, less than the region is wide; without it, 0.2 eV or three channels.",
        ja="半値全幅の下限（リージョンの幅より小さい値）。指定しなければ 0.2 eV または 3 チャンネル分。",
        unit="eV",
        gt=0.0,
    )
    fwhm_max: float | None = parameter(
        None,
        en="Largest full width at half maximum, at least the step between channels; without it, 2.5 eV or a third of "
        "the region, more where fwhm_min asks for it.",
        ja="半値全幅の上限（チャンネル間隔以上）。指定しなければ 2.5 eV または範囲の 3 分の 1 で、fwhm_min に応じて"
        "広がる。",
        unit="eV",
        gt=0.0,
    )
    noise: NoiseChoice = parameter(
        "auto",
        en="Noise model of fit and BIC: counting statistics, those of counts in an unknown unit, one variance for all "
        "channels as first published, or what the intensities show.",
        ja="フィットと BIC のノイズモデル。計数統計（poisson）、単位が未知の計数（quasi-poisson）、公表された方法と同じ"
        "一定分散（gauss）、または強度から判断（auto）。",
        choices=("auto", "poisson", "quasi-poisson", "gauss"),
    )
    background: tuple[str, ...] = parameter(
        ("shirley",),
        en="Background, or several that compete (auto: all); shirley gives way to linear where it would have to fall "
        "towards high binding energy.",
        ja="バックグラウンド。複数を指定すると競わせる（auto はすべて）。shirley は、高結合エネルギー側で下がる結果に"
        "なった場合は linear に替わる。",
        choices=("shirley", "linear", "auto"),
    )
    fraction_max: float = parameter(1.0, en="Largest Lorentz fraction.", ja="ローレンツ比の上限。", gt=0.0, le=1.0)
    lineshape: tuple[str, ...] = parameter(
        ("symmetric",),
        en="Line shape, or several that compete (auto: all): symmetric pseudo-Voigt, or with a tail towards high "
        "binding energy (one asymmetry for all).",
        ja="線形。複数を指定すると競わせる（auto はすべて）。対称な擬フォークト（symmetric）か、高結合エネルギー側に"
        "裾を引く形（asymmetric、非対称度は共通）。",
        choices=("symmetric", "asymmetric", "auto"),
    )
    share_width: bool = parameter(
        False, en="One FWHM for all lines of a region.", ja="半値全幅をリージョン内で共通にする。"
    )
    share_fraction: bool = parameter(
        False, en="One Lorentz fraction for all lines of a region.", ja="ローレンツ比をリージョン内で共通にする。"
    )
    slope: bool = parameter(
        False,
        en="Let a Shirley background also rise along a straight line.",
        ja="Shirley バックグラウンドに直線の傾きを加える。",
    )
    doublet: tuple[str, ...] = parameter(
        ("none",),
        en="Fit spin-orbit doublets, or several choices that compete: a level such as 'Ag 3d', splitting (eV) and "
        "height ratio such as '6.0:0.667', none, or auto (none, and the level that the region is named after).",
        ja="スピン軌道二重線として分離する。複数を指定すると競わせる。準位（例：Ag 3d）、分裂幅 (eV) と強度比"
        "（例：6.0:0.667）、none（単線）、auto（単線と、リージョン名にある準位）。",
    )
    free_splitting: bool = parameter(
        False,
        en="Fit the splitting of doublets, within 10 %.",
        ja="二重線の分裂幅も最適化する（±10 % 以内）。",
    )
    free_ratio: bool = parameter(
        False, en="Fit the height ratio of doublets, within 50 %.", ja="二重線の強度比も最適化する（±50 % 以内）。"
    )
    intervals: IntervalMethod = parameter(
        "fisher",
        en="95 % intervals of the best model: from the Fisher information, the profile likelihood, or a parametric "
        "bootstrap.",
        ja="最良モデルの 95 % 区間の求め方。フィッシャー情報行列（fisher）、プロファイル尤度（profile）、"
        "パラメトリックブートストラップ（bootstrap）。",
        choices=("fisher", "profile", "bootstrap"),
    )
    replicas: int = parameter(
        200, en="Simulated spectra of a bootstrap.", ja="ブートストラップで模擬するスペクトルの数。", ge=40, le=100000
    )
    seed: int = parameter(0, en="Seed of a bootstrap.", ja="ブートストラップの乱数の種。", ge=0)
    any_scale: bool = parameter(
        False,
        en="Fit spectra whose energy scale is not binding, too.",
        ja="結合エネルギー以外のスケールのスペクトルも対象にする。",
    )
    top: int = parameter(
        5, en="How many ranked models are kept in full.", ja="成分まで保存する上位モデルの数。", ge=1, le=100
    )

    def __attrs_post_init__(self) -> None:
        if self.fwhm_min is not None and self.fwhm_max is not None and self.fwhm_min >= self.fwhm_max:
            raise SettingsError(message("widths-crossed", low=self.fwhm_min, high=self.fwhm_max))
        if self.range_low is not None and self.range_high is not None and self.range_low >= self.range_high:
            raise SettingsError(message("range-crossed", low=self.range_low, high=self.range_high))
        for name in self.doublet:
            if name not in {"none", "auto"}:
                from shirube_bicfit.levels import doublet_named

                doublet_named(name)
        for name in ("background", "lineshape", "doublet"):
            if not getattr(self, name):
                raise SettingsError(message("nothing-chosen", name=name))
