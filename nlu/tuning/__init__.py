"""Build-time only: tunes the small encoder. Needs torch; nothing that ships imports it."""
