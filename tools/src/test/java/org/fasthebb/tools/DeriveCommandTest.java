package org.fasthebb.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.fasthebb.tools.console.Failures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code fasthebb derive}. */
class DeriveCommandTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"swta", "hpca", "residual", "statistics", "oja", "convolution"})
  void everyLineFitsA80ColumnTerminal(String which) {
    List<String> lines = Program.run("derive", which, "--no-times").succeeds().out();
    lines.forEach(line -> assertTrue(line.length() <= 80, line));
    assertTrue(lines.stream().noneMatch(line -> line.endsWith("FAILED")));
    assertTrue(lines.getLast().endsWith("are equal in float64 at three small shapes."));
  }

  @Test
  void timesAreMeasuredAndThePageIsWritten() throws IOException {
    Path page = folder.resolve("swta.html");
    String[] command = {
      "derive", "swta", "--layer", "conv1", "--batch", "1", "--html", page.toString()
    };
    List<String> lines = Program.run(command).succeeds().out();
    assertEquals(7, lines.stream().filter(line -> line.matches(" +time +[0-9].* m?s")).count());
    assertTrue(Files.readString(page).contains("<dt>time</dt>"));
  }

  @Test
  void wrongNamesAreRefused() {
    assertTrue(Program.run("derive", "hcpa").fails(Failures.USAGE).contains("did you mean hpca"));
    assertTrue(
        Program.run("derive", "hpca", "--layer", "conv9")
            .fails(Failures.USAGE)
            .contains("'conv9'; use one of conv1, conv2, conv3, conv4, fc5"));
    assertTrue(
        Program.run("derive", "hpca", "--batch", "0")
            .fails(Failures.USAGE)
            .contains("--batch is 0; it must be from 1 to 4096"));
  }

  @Test
  void anExerciseIsWrittenSolvedAndChecked() throws IOException {
    assertTrue(Program.run("derive", "exercise").succeeds().out().size() > 7);
    String file = folder.resolve("Oja.java").toString();
    List<String> written = Program.run("derive", "exercise", "1", file).succeeds().out();
    assertEquals("Then: ./fasthebb derive check 1 " + file, written.getLast());
    Program untouched = Program.run("derive", "check", "1", file);
    assertEquals(Failures.FAILED, untouched.code());
    assertTrue(untouched.out().getFirst().endsWith(": not yet filled in."));
    String solved =
        Files.readString(Path.of(file))
            .replaceAll(
                "throw new .*", "return new Terms(y, y, w.backend().empty(1, 1).fill(x.size(0)));");
    Files.writeString(Path.of(file), solved);
    List<String> right = Program.run("derive", "check", "1", file).succeeds().out();
    assertTrue(right.getLast().startsWith("Next: ./fasthebb derive exercise 2"), right::toString);
    assertTrue(
        Program.run("derive", "exercise", "1", file)
            .fails(Failures.USAGE)
            .contains("is there already and would be lost"));
    assertTrue(
        Program.run("derive", "check", "8").fails(Failures.USAGE).contains("there are 1 to 7"));
    assertTrue(Program.run("derive").fails(Failures.USAGE).contains("derive needs a name: one of"));
  }
}
