"""The server: one study at a time, as an API that the workbench, QGIS and scripts read, and the workbench itself."""
