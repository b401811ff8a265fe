"""Where studies are kept: one GeoPackage each."""

from integralie.store.gpkg import changes, draft, facts, open, save

__all__ = ["changes", "draft", "facts", "open", "save"]
