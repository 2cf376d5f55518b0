package org.fasthebb.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The script {@code fasthebb}, in a made-up checkout. A stub of Maven makes a "jar" that is the
 * text of the only source; a stub of Java prints this text and its own options.
 */
class LauncherTest {
  private static final Path SCRIPT = Path.of("..", "fasthebb");

  /** Notes each build; waits while there is a file "hold"; fails if there is a file "fail". */
  private static final String MAVEN =
      """
      #!/bin/sh
      [ "$1" = -v ] && exit
      echo build >>builds
      while [ -e hold ]; do sleep 0.05; done
      [ ! -e fail ] || { echo "Main.java cannot be compiled"; exit 1; }
      mkdir -p tools/target/modules && cp tools/src/main/Main.java tools/target/modules/tools.jar
      mkdir -p bench/target && touch bench/target/benchmarks.jar
      """;

  private static final String JAVA =
      """
      #!/bin/sh
      echo "LC_ALL=${LC_ALL-}"
      while [ $# -gt 0 ]; do
        echo "$1"
        [ "$1" != --module-path ] || { cat "$2/tools.jar"; echo "from $2"; shift; }
        shift
      done
      """;

  /** The commands that the script and the stubs use, beside what locks. */
  private static final List<String> COMMANDS =
      List.of(
          "cat cksum cp dirname find head locale ls mkdir mv readlink rm sed sh sleep sort tail touch"
              .split(" "));

  @TempDir Path parent;
  private Path checkout;
  private Path source;

  /** How a start ended, and what it printed. */
  private record Result(int status, String out, String err) {}

  /** A running start. */
  private record Start(Process process, Path out, Path err) {
    Result end() throws IOException, InterruptedException {
      assertTrue(process.waitFor(1, TimeUnit.MINUTES), "it waits for ever");
      return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
    }
  }

  @BeforeEach
  void makeCheckout() throws IOException {
    checkout = Files.createDirectory(parent.resolve("check out $'#%!"));
    Files.copy(SCRIPT, checkout.resolve("fasthebb"));
    program(checkout.resolve("mvnw"), MAVEN);
    program(parent.resolve("jdk/bin/java"), JAVA);
    Files.writeString(parent.resolve("jdk/release"), "JAVA_VERSION=\"25.0.1\"\n");
    source = write(checkout.resolve("tools/src/main/Main.java"), "first");
  }

  private static Path write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text + "\n");
  }

  private static void program(Path file, String text) throws IOException {
    assertTrue(write(file, text).toFile().setExecutable(true));
  }

  private Start start(Map<String, String> environment, String... command) throws IOException {
    Path out = Files.createTempFile(parent, "start", ".out");
    Path err = Files.createTempFile(parent, "start", ".err");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(parent.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    List<String> mine = List.of("PATH", "HOME");
    builder.environment().keySet().retainAll(mine);
    builder.environment().put("FASTHEBB_JAVA_HOME", parent.resolve("jdk").toString());
    builder.environment().putAll(environment);
    return new Start(builder.start(), out, err);
  }

  private Start start() throws IOException {
    return start(Map.of(), launcher());
  }

  private String launcher() {
    return checkout.resolve("fasthebb").toString();
  }

  private Result run(Map<String, String> environment) throws IOException, InterruptedException {
    return start(environment, launcher()).end();
  }

  private void assertRuns(String text) throws IOException, InterruptedException {
    assertRuns(text, run(Map.of()));
  }

  private void assertRuns(String text, Result result) {
    assertEquals(0, result.status(), result.err());
    assertTrue(result.out().contains(text + "\nfrom " + checkout + "/target/"), result.out());
  }

  private void assertBuilds(int expected) throws IOException {
    assertEquals(expected, Files.readAllLines(checkout.resolve("builds")).size());
  }

  /** Waits until something that a start does in the background has happened. */
  private static void await(String what, Path file, String text)
      throws IOException, InterruptedException {
    Instant end = Instant.now().plus(Duration.ofMinutes(1));
    while (!Files.exists(file) || !Files.readString(file).contains(text)) {
      assertTrue(Instant.now().isBefore(end), what);
      Thread.sleep(20);
    }
  }

  private List<String> keptBuilds() throws IOException {
    try (Stream<Path> files = Files.list(checkout.resolve("target/fasthebb"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith("modules-"))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sh", "dash", "bash", "bash --posix", "busybox sh", "ksh", "zsh"})
  void builtOnceInEachShell(String shell) throws Exception {
    List<String> command = new ArrayList<>(List.of(shell.split(" ")));
    assumeTrue(isOnPath(command.getFirst()), "needs " + shell);
    command.add(launcher());
    String[] words = command.toArray(String[]::new);
    Result result = start(Map.of(), words).end();
    assertRuns("first", result);
    assertEquals("fasthebb: building ...\n", result.err());
    Result again = start(Map.of(), words).end();
    assertRuns("first", again);
    assertEquals("", again.err());
    assertBuilds(1);
  }

  @Test
  void aBundleHasItsJavaAndIsNotBuilt() throws Exception {
    program(checkout.resolve("jre/bin/java"), JAVA);
    Files.writeString(checkout.resolve("jre/release"), "JAVA_VERSION=\"25.0.1\"\n");
    write(checkout.resolve("modules/tools.jar"), "bundled");
    Map<String, String> noJdk = Map.of("FASTHEBB_JAVA_HOME", "");
    Result result = run(noJdk);
    assertEquals(0, result.status(), result.err());
    assertTrue(result.out().contains("bundled\nfrom " + checkout + "/modules"), result.out());
    assertFalse(Files.exists(checkout.resolve("builds")));
    Result bench = start(noJdk, launcher(), "bench").end();
    assertEquals(1, bench.status());
    assertTrue(bench.err().contains("this bundle has no benchmarks"), bench.err());
  }

  private static boolean isOnPath(String command) {
    return find(command) != null;
  }

  private static Path find(String command) {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
        .map(folder -> Path.of(folder, command))
        .filter(Files::isExecutable)
        .findFirst()
        .orElse(null);
  }

  @Test
  void changesOfAnyAgeAreBuilt() throws Exception {
    assertRuns("first");
    write(source, "second");
    Files.setLastModifiedTime(source, FileTime.from(Instant.parse("2001-01-01T00:00:00Z")));
    Path classes = write(checkout.resolve("tools/target/classes/Main.class"), "newer");
    assertRuns("second");
    assertFalse(Files.exists(classes), "Maven would keep it");
    Path other = write(source.resolveSibling("Other.java"), "new");
    assertRuns("second");
    assertBuilds(3);
    Files.delete(other);
    assertRuns("second");
    assertBuilds(4);
  }

  @Test
  void unchangedSourceFromTheFuture() throws Exception {
    assertRuns("first");
    Files.setLastModifiedTime(source, FileTime.from(Instant.parse("2100-01-01T00:00:00Z")));
    assertRuns("first");
    assertBuilds(1);
  }

  @Test
  void fiveNewestBuildsAreKept() throws Exception {
    // As if made when the clock was wrong.
    for (int second = 0; second < 5; second++) {
      write(checkout.resolve("target/fasthebb/modules-2999123123595" + second + "/a.jar"), "old");
    }
    assertRuns("first");
    assertEquals("modules-29991231235955", keptBuilds().getLast());
    assertEquals(5, keptBuilds().size());
    for (int change = 0; change < 2; change++) {
      write(source, "change " + change);
      assertRuns("change " + change);
    }
    assertEquals(5, keptBuilds().size());
    assertEquals(
        List.of("modules-29991231235953", "modules-29991231235957"),
        List.of(keptBuilds().getFirst(), keptBuilds().getLast()));
  }

  @Test
  void copiedOrMovedCheckoutRunsItsOwnBuild() throws Exception {
    assertRuns("first");
    Path original = checkout;
    checkout = parent.resolve("copy");
    assertEquals(
        0, start(Map.of(), "cp", "-R", original.toString(), checkout.toString()).end().status());
    assertRuns("first"); // checks where from
    source = write(checkout.resolve("tools/src/main/Main.java"), "of the copy");
    assertRuns("of the copy");
    checkout = Files.move(original, parent.resolve("moved"));
    assertRuns("first");
    assertBuilds(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"flock", "perl"})
  void twoStartsBuildOnce(String lock) throws Exception {
    assumeTrue(isOnPath(lock), "needs " + lock);
    Path path = Files.createDirectory(parent.resolve("path"));
    for (String command : COMMANDS) {
      forward(path, command);
    }
    forward(path, lock);
    Map<String, String> environment = Map.of("PATH", path.toString());
    Path hold = write(checkout.resolve("hold"), "");
    Start first = start(environment, launcher());
    await("no build began", checkout.resolve("builds"), "build");
    Start second = start(environment, launcher());
    await("the second start does not wait", second.err(), "waiting for another build");
    Files.delete(hold);
    assertRuns("first", first.end());
    assertRuns("first", second.end());
    assertBuilds(1);
  }

  private static void forward(Path folder, String command) throws IOException {
    program(folder.resolve(command), "#!/bin/sh\nexec " + find(command) + " \"$@\"\n");
  }

  @Test
  void killedWhileItBuilds() throws Exception {
    Path hold = write(checkout.resolve("hold"), "");
    Start killed = start();
    await("no build began", checkout.resolve("builds"), "build");
    List<ProcessHandle> all =
        Stream.concat(Stream.of(killed.process().toHandle()), killed.process().descendants())
            .toList();
    all.getFirst().destroyForcibly();
    Start next = start();
    await("Maven goes on, so the next start must wait", next.err(), "waiting for another build");
    all.forEach(ProcessHandle::destroyForcibly);
    Files.delete(hold);
    assertRuns("first", next.end());
    assertBuilds(2);
  }

  @Test
  void failedBuild() throws Exception {
    Path fail = write(checkout.resolve("fail"), "");
    for (int attempt = 0; attempt < 2; attempt++) {
      Result result = run(Map.of());
      assertEquals(1, result.status());
      assertEquals("", result.out());
      assertEquals(
          """
          fasthebb: building ...
          Main.java cannot be compiled
          fasthebb: the build failed; the whole log is in %s/target/fasthebb/build.log
          """
              .formatted(checkout),
          result.err());
    }
    Files.delete(fail);
    assertRuns("first");
  }

  @Test
  void startedByLinks() throws Exception {
    Path folder = Files.createDirectory(parent.resolve("links"));
    Files.createSymbolicLink(folder.resolve("absolute"), checkout.resolve("fasthebb"));
    Files.createSymbolicLink(
        folder.resolve("relative"), Path.of("..", checkout.getFileName().toString(), "fasthebb"));
    Path link = Files.createSymbolicLink(folder.resolve("link to link"), Path.of("relative"));
    assertRuns("first", start(Map.of(), link.toString()).end());
    assertRuns("first", start(Map.of(), "links/absolute").end());
    assertBuilds(1);
  }

  @Test
  void colonInThePath() throws Exception {
    checkout = Files.move(checkout, parent.resolve("check:out"));
    Result result = run(Map.of());
    assertEquals(1, result.status());
    assertEquals(
        "fasthebb: the folder %s has a ':' in its path, where Java would split it; rename the folder.\n"
            .formatted(checkout),
        result.err());
  }

  @Test
  void fileNamesAreInUtf8() throws Exception {
    for (var locale : List.of(Map.of("LC_ALL", "POSIX"), Map.of("LANG", "xx_XX.UTF-8"))) {
      assertTrue(run(locale).out().startsWith("LC_ALL=C.UTF-8\n"), locale.toString());
    }
    Map<String, String> utf8 = Map.of("LANG", "C.UTF-8");
    assertTrue(run(utf8).out().startsWith("LC_ALL=\n"), "a locale that is UTF-8 is left alone");
  }

  @Test
  void optionsOfTheUserWin() throws Exception {
    assertTrue(run(Map.of()).out().contains("\n-XX:+UseSerialGC\n"));
    String options = "-Xmx1g -XX:+UseParallelGC";
    String out = run(Map.of("FASTHEBB_JAVA_OPTS", options)).out();
    assertTrue(out.contains("\n-Xmx1g\n-XX:+UseParallelGC\n"), out);
    for (String name : List.of("FASTHEBB_JAVA_OPTS", "JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS")) {
      assertFalse(run(Map.of(name, options)).out().contains("SerialGC"), name);
    }
  }

  @Test
  void benchIsBuiltByItself() throws Exception {
    for (int start = 0; start < 2; start++) {
      Result result =
          start(Map.of("FASTHEBB_JAVA_OPTS", "-Xmx1g"), launcher(), "bench", "--quick").end();
      assertEquals(0, result.status(), result.err());
      assertTrue(
          result
              .out()
              .endsWith(
                  "\n-Xmx1g\n-jar\n%s/target/fasthebb-bench/modules-1/benchmarks.jar\n--quick\n"
                      .formatted(checkout)),
          result.out());
    }
    assertBuilds(1);
    assertRuns("first");
    assertBuilds(2);
  }

  @Test
  void oldJava() throws Exception {
    Files.writeString(parent.resolve("jdk/release"), "JAVA_VERSION=\"21.0.9\"\n");
    Result result = run(Map.of());
    assertEquals(1, result.status());
    assertTrue(result.err().endsWith("/jdk) is not a JDK 25 or later.\n"), result.err());
  }
}
