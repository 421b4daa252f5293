"""Views: thin shells that connect controls to the logic. The only place with ipywidgets."""
