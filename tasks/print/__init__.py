"""What is printed: papers as PDF with an embedded Chinese font."""
