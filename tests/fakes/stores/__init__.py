"""Object stores on loopback: makers' emulators, behind a gate where the emulator lets everybody in."""
