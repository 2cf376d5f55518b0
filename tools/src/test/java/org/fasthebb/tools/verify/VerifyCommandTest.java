package org.fasthebb.tools.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.fasthebb.tools.command.VerifyCommand;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class VerifyCommandTest {
  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(Object... arguments) {
    CommandLine command = new CommandLine(new VerifyCommand());
    command.setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(err, true));
    String[] words = new String[arguments.length];
    for (int i = 0; i < words.length; i++) {
      words[i] = arguments[i].toString();
    }
    return command.execute(words);
  }

  @Test
  void folderOfGoldenFiles() throws IOException {
    GoldenCopy.resource(folder, "layer_swta");
    GoldenCopy.resource(folder, "modified_bn");
    assertEquals(0, run("--threads", 1, folder), err::toString);
    assertTrue(out.toString().contains("15 cases: 15 ok, 0 failed, 0 skipped"), out::toString);
    assertEquals(17, out.toString().lines().count());
  }

  @Test
  void failedCase() throws IOException {
    Path file = GoldenCopy.resource(folder, "modified_bn");
    GoldenCopy golden = GoldenCopy.of(file);
    golden.values("mod.y2")[7] += 1e-3;
    golden.write(file);
    assertEquals(1, run(file));
    assertTrue(out.toString().contains("5 cases: 4 ok, 1 failed, 0 skipped"), out::toString);
    assertTrue(out.toString().contains("FAILED"), out::toString);
  }

  @Test
  void nothingComparedIsNoSuccess() throws IOException {
    Path file = folder.resolve("other.safetensors");
    new GoldenCopy().put("base.mystery", new double[] {1}, 1).write(file);
    assertEquals(1, run(file), out::toString);
    assertTrue((err.toString() + out).contains("nothing was compared"), err::toString);
  }

  @Test
  void malformedFileIsOneSentenceAndTheOthersAreVerified() throws IOException {
    Files.writeString(folder.resolve("a.safetensors"), "this is no such file");
    GoldenCopy.resource(folder, "modified_bn");
    assertEquals(1, run(folder));
    assertEquals(1, err.toString().lines().count(), err::toString);
    assertTrue(err.toString().contains("a.safetensors"), err::toString);
    assertTrue(out.toString().contains("5 cases: 5 ok"), out::toString);
  }

  @Test
  void wrongUsage() {
    assertEquals(2, run());
    assertEquals(2, run(folder));
    assertEquals(2, run(folder.resolve("missing")));
    assertEquals(2, run("--threads", 0, folder));
    assertEquals("", out.toString());
  }

  /** The set of golden files, which is too large for this repository, if it is available. */
  private static Path golden() {
    Path golden = Path.of(System.getProperty("fasthebb.shared", "../../shared"), "golden");
    Assumptions.assumeTrue(
        Files.isDirectory(golden), "there is no folder " + golden + "; see fasthebb.shared");
    return golden;
  }

  private void assertNothingFailsOrIsSkipped(Object... paths) {
    assertEquals(0, run(paths), () -> out.toString() + err);
    assertTrue(out.toString().contains(" 0 failed, 0 skipped"), out::toString);
  }

  @Test
  void goldenFilesOfSmallImages() throws IOException {
    try (Stream<Path> files = Files.list(golden())) {
      Predicate<String> large = Pattern.compile("(net10|vae10|zca210).*").asMatchPredicate();
      assertNothingFailsOrIsSkipped(
          files
              .filter(file -> file.toString().endsWith(".safetensors"))
              .filter(file -> !large.test(file.getFileName().toString()))
              .toArray());
    }
  }

  /** All files, with those of the network for ImageNet, which take minutes and 4 GB. */
  @Test
  @Tag("long")
  void allGoldenFiles() {
    assertNothingFailsOrIsSkipped(golden());
  }
}
