package org.fasthebb.tools;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code fasthebb shell}, in a process of its own, with lines from standard input. */
class ShellTest {
  private static final List<String> TO_TRY =
      List.of(
          "Tensor x = random(2, 3)",
          "contract(\"bs,ts->bt\", x, x)",
          "new HebbianLayer(new Hpca(), random(8, 75), 5, 5).learn(random(4, 32, 32, 3), 1e-3f)");

  @Test
  void linesOfTheGreetingRunAndVectorsAreUsed() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dfasthebb.threads=1",
                "--module-path",
                System.getProperty("jdk.module.path"),
                "--module",
                "org.fasthebb.tools/org.fasthebb.tools.Main",
                "shell")
            .redirectErrorStream(true)
            .start();
    try (OutputStream lines = process.getOutputStream()) {
      lines.write(
          (String.join("\n", TO_TRY) + "\ncpu.describe()\nhelp\nx.plus(cpu.zeros(4))\n/exit 3\n")
              .getBytes(UTF_8));
    }
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(3, process.waitFor(), said);
    TO_TRY.forEach(line -> assertTrue(said.contains("\n  " + line + "\n"), said));
    assertTrue(said.contains("x ==> tensor [2, 3] ["), said);
    assertTrue(said.contains(" ==> tensor [2, 2] ["), said);
    assertTrue(said.contains(" ==> tensor [4, 28, 28, 8]"), said);
    assertTrue(said.matches("(?s).* ==> \"cpu, 1 thread, vector \\d+ bit, .*"), said);
    assertTrue(said.contains("help ==> a shape lists the sizes"), said);
    assertTrue(said.contains("cannot add [2, 3] and [4]: only size 1 stretches"), said);
  }
}
