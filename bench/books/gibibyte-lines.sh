yes '2026-01-01T00:00:00Z INFO request served path=/index.html status=200 ms=12' | head -c "$3"
