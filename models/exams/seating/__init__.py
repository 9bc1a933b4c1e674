"""Stage 6: seats. `layout` places people in a room, `halls` gives rooms to subjects, `drawing` writes a plan from its seed, `late` adds to a plan
without moving anybody, `plan` is the record of it all."""
