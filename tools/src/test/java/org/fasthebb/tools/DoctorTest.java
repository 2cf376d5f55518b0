package org.fasthebb.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.fasthebb.engine.Gpu;
import org.junit.jupiter.api.Test;

class DoctorTest {
  @Test
  void saysWhatItFinds() {
    List<String> lines = Program.run("doctor", "--threads", "1").succeeds().out();
    for (String name :
        List.of("java", "system", "processor", "fma", "memory", "kernels", "gpu", "speed")) {
      assertTrue(lines.stream().anyMatch(line -> line.startsWith(name + " ")), name);
    }
    assertTrue(lines.stream().anyMatch(line -> line.startsWith("threads    1, as --threads")));
    assertTrue(lines.stream().anyMatch(line -> line.startsWith("self-test  ok")));
  }

  @Test
  void saysWhichGpuThereIsOrWhyThereIsNone() {
    List<String> lines = Program.run("doctor", "--threads", "1").succeeds().out();
    String gpu = lines.stream().filter(line -> line.startsWith("gpu ")).findFirst().orElseThrow();
    assertEquals("gpu        " + Gpu.report().getFirst(), gpu);
  }
}
