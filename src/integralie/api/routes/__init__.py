"""The routes, one file per concern."""

from integralie.api.routes import (
    cards,
    comparison,
    documents,
    edits,
    events,
    features,
    landing,
    processes,
    programme,
    reasons,
    scenarios,
    search,
    sections,
    study,
    tables,
    tiles,
    uploads,
    words,
)

ROUTERS = (
    landing.router, study.router, tables.router, features.router, tiles.router, edits.router, scenarios.router, programme.router,
    reasons.router, comparison.router, processes.router, cards.router, search.router, sections.router, documents.router,
    uploads.router, words.router, events.router,
)  # fmt: skip
