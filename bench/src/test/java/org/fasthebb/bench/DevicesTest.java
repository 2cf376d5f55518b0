package org.fasthebb.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.fasthebb.engine.Backend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DevicesTest {
  @ParameterizedTest
  @CsvSource({
    "cpu, true",
    "cuda, true",
    "cuda:1, true",
    "cuda:, false",
    "cuda:x, false",
    "gpu, false"
  })
  void names(String device, boolean known) {
    assertEquals(known, Devices.isName(device));
    if (!known) {
      assertThrows(IllegalArgumentException.class, () -> Devices.open(device, 1));
    }
  }

  @Test
  void opensTheCpu() {
    try (Backend cpu = Devices.open("cpu", 1)) {
      assertEquals(1, cpu.threads());
    }
  }
}
