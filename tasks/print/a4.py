"""The measures and inks of A4 paper."""

EDGE, BOTTOM = 18, 272          # mm: the margins left and right, and where the footer begins
INK, SOFT, LINE, GROUND = (20, 24, 31), (95, 102, 115), (190, 196, 206), (240, 242, 246)
