"""How one message becomes one turn. Read `turn.py` first, then `deciding.py`."""
