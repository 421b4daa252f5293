"""The shell of all views: stand-ins that answer without a kernel, scripts and style sheets."""
