"""What is written down: blocks, sheets, pictures, Office files, exports."""
