# SPDX-License-Identifier: Apache-2.0
"""Sound: every PCM form reads alike, the copy is what it says, the level is known."""

import struct
import wave
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from digitize import sound
from digitize.errors import Refusal


def tone(rate: int = 44_100, seconds: float = 0.5, channels: int = 1, frequency: float = 440.0) -> sound.Sound:
    time = np.arange(int(rate * seconds)) / rate
    wave_ = np.sin(2 * np.pi * frequency * time).astype(np.float32)
    return sound.Sound(np.repeat(wave_[:, None], channels, axis=1), rate, 16)


def wav(bits: int, kind: int, body: bytes, rate: int = 8000, channels: int = 1) -> bytes:
    block = channels * bits // 8
    form = struct.pack("<HHIIHH", kind, channels, rate, rate * block, block, bits)
    chunks = (
        b"LIST" + struct.pack("<I", 3) + b"abc\0" + b"fmt " + struct.pack("<I", 16) + form + b"data" + struct.pack("<I", len(body)) + body
    )
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks


HALF = {
    (8, 1): bytes([128 + 64, 128 - 64]),
    (16, 1): struct.pack("<hh", 1 << 14, -(1 << 14)),
    (24, 1): struct.pack("<i", 1 << 22)[:3] + struct.pack("<i", -(1 << 22))[:3],
    (32, 1): struct.pack("<ii", 1 << 30, -(1 << 30)),
    (32, 3): struct.pack("<ff", 0.5, -0.5),
    (64, 3): struct.pack("<dd", 0.5, -0.5),
}


@pytest.mark.parametrize(("form", "body"), HALF.items())
def test_every_form_of_a_sample(tmp_path: Path, form: tuple[int, int], body: bytes) -> None:
    (tmp_path / "a.wav").write_bytes(wav(*form, body))
    found = sound.read(tmp_path / "a.wav")
    assert (found.samples.tolist(), found.rate, found.bits) == ([[0.5], [-0.5]], 8000, form[0])


def test_a_written_copy_is_a_wav_that_others_read(tmp_path: Path) -> None:
    sound.write(tone(channels=2), tmp_path / "a.wav")
    with wave.open(str(tmp_path / "a.wav")) as file:
        assert file.getparams()[:4] == (2, 2, 44_100, 22_050)
    assert np.abs(sound.read(tmp_path / "a.wav").samples - tone(channels=2).samples).max() <= 1 / 32768


def test_a_sine_has_its_level() -> None:
    assert sound.level(tone(seconds=1.0)) == {"peak_dbfs": 0.0, "rms_dbfs": -3.01}
    assert sound.level(sound.Sound(np.zeros((10, 1), dtype=np.float32), 10, 16)) == {"peak_dbfs": None, "rms_dbfs": None}


def test_what_fits_stays_bit_for_bit() -> None:
    assert np.array_equal(sound.access(tone(channels=2), 48_000, 2).samples, tone(channels=2).samples)


def test_high_rates_come_down_without_changing_the_tone() -> None:
    copy = sound.access(tone(rate=96_000, seconds=1.0), 48_000, 2)
    assert (copy.rate, copy.seconds) == (48_000, 1.0)
    spectrum = np.abs(np.fft.rfft(copy.samples[:, 0]))
    assert spectrum.argmax() == 440


def test_many_channels_become_one() -> None:
    assert sound.access(tone(channels=6), 48_000, 2).samples.shape[1] == 1


def test_the_waveform_is_a_drawing_as_tall_as_the_sound() -> None:
    root = ET.fromstring(sound.waveform(tone(), columns=50, height=100))
    path = root[0].attrib["d"]
    assert (root.attrib["viewBox"], path.count("M")) == ("0 0 50 100", 50)
    assert sound.peaks(tone(), 50) == pytest.approx(np.tile([-1.0, 1.0], (50, 1)), abs=0.02)


@pytest.mark.parametrize("data", [b"", b"RIFF____WAVE", wav(16, 7, b"\0\0"), wav(12, 1, b"\0\0"), wav(16, 1, b"\0\0", rate=0)])
def test_what_is_no_pcm_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.wav").write_bytes(data)
    with pytest.raises(Refusal) as caught:
        sound.read(tmp_path / "a.wav")
    assert caught.value.code == "sound.unreadable"
