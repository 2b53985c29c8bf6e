"""One file a page: each builds its View from a Scene; what frames every page is added by present."""
