"""Every check together, over all the flows a conversation can begin with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flows.catalog import Catalog
from flows.checks.checked import Checked
from flows.checks.finding import Finding
from flows.checks.parts import cycles, every_step, missing_files, stands
from flows.checks.steps import step_findings
from flows.checks.versions import Version, stranded
from flows.checks.ways import explored_findings
from flows.checks.words import engine_words
from flows.exploring.exploration import explore
from flows.model import Ask, FlowFile
from flows.plain_words import Labels
from flows.wording import Wording


def check_flows(
    files: Mapping[str, FlowFile],
    entry_names: Iterable[str],
    *,
    catalog: Catalog,
    wording: Wording,
    versions_in_use: Mapping[Version, int] | None = None,
    stored_versions: Mapping[Version, str] | None = None,
    filled: Iterable[str] = (),
) -> list[Finding]:
    """Return every mistake found, errors first.

    `entry_names` are the flows a conversation can begin with. `versions_in_use` counts the conversations that
    are not finished, by flow and number of its content; `stored_versions` holds each as `flow_to_json` wrote
    it. `filled` names the place-holders that are filled by whoever sends the words, besides the area's own.
    """
    entries = list(dict.fromkeys(entry_names))
    findings = [*missing_files(entries, files), *cycles(files)]
    sound = [name for name in entries if stands(name, files)]
    asks = [step for f in files.values() for _, step in every_step(f) if isinstance(step, Ask)]
    checked = Checked(
        files, catalog, wording, explore(sound, files), frozenset(filled),
        frozenset(a.name for a in asks if a.name.endswith("name")), Labels(asks),
    )  # fmt: skip
    for file in files.values():
        for where, step in every_step(file):
            findings.extend(step_findings(where, step, checked))
    findings.extend(explored_findings(checked, sound))
    findings.extend(engine_words(wording))
    findings.extend(stranded(files, versions_in_use or {}, stored_versions or {}))
    return sorted(dict.fromkeys(findings), key=lambda f: (f.severity, f.flow))
