"""What keeps the trail: linking, verifying, signing, sealing, and telling staff of what is critical."""
