"""Where studies are kept: one GeoPackage each."""

from integralie.store.gpkg import changes, open, save

__all__ = ["changes", "open", "save"]
