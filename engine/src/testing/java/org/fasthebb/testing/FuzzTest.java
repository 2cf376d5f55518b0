package org.fasthebb.testing;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A parser under damaged input: it reads the input, or refuses it by its own exception and a
 * message for the user, soon, and without much memory.
 *
 * <p>Every build tries two hundred damaged copies of the seeds, always the same. The tests tagged
 * "long" let Jazzer, which watches the branches that an input takes, search for as many seconds as
 * {@code -Dfasthebb.fuzz.seconds} says. Jazzer runs in a JVM of its own: it takes one target per
 * JVM, needs the class path, and takes seconds to start.
 */
public abstract class FuzzTest {
  private static final int DAMAGED = 200;
  private static final String SECONDS = System.getProperty("fasthebb.fuzz.seconds", "60");
  private static FuzzTest fuzzed;

  private final Path folder = Path.of("target", "fuzz", getClass().getSimpleName());

  /** Small inputs that the parser reads, which the damaged ones are made of. */
  protected abstract List<byte[]> seeds() throws IOException;

  /** Reads all of an input. */
  protected abstract void parse(byte[] input) throws IOException;

  /** Whether an exception is the one by which the parser refuses an input. */
  protected abstract boolean isRefusal(Exception e);

  /** The most that reading one input may allocate, in bytes. */
  protected long mostBytes() {
    return 64 << 20;
  }

  /** A folder for the files of this test. */
  protected final Path folder() throws IOException {
    return Files.createDirectories(folder);
  }

  /** A file of the given content. */
  protected final Path file(String name, byte[] content) throws IOException {
    return Files.write(folder().resolve(name), content);
  }

  /** The parser reads the seeds. */
  @Test
  public final void readsSeeds() throws IOException {
    for (byte[] seed : seeds()) {
      assertDoesNotThrow(() -> parse(seed), () -> describe(seed));
    }
  }

  /** The parser reads or refuses damaged seeds. */
  @Test
  @Timeout(60)
  public final void readsOrRefusesDamagedSeeds() throws IOException, ReflectiveOperationException {
    Mutator mutator = new Mutator(seeds(), 1);
    for (int i = 0; i < DAMAGED; i++) {
      check(mutator.next());
    }
  }

  /** Jazzer finds no input that the parser neither reads nor refuses. */
  @Test
  @Tag("long")
  public final void jazzerFindsNothing()
      throws IOException, InterruptedException, URISyntaxException {
    Path seeds = Files.createDirectories(folder().resolve("seeds"));
    List<byte[]> inputs = seeds();
    for (int i = 0; i < inputs.size(); i++) {
      Files.write(seeds.resolve("seed" + i), inputs.get(i));
    }
    Path log = folder().resolve("jazzer.log");
    Process jazzer =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx2g",
                "-XX:+EnableDynamicAgentLoading",
                "--enable-native-access=ALL-UNNAMED",
                "--class-path",
                classPath(),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + FuzzTest.class.getName(),
                "--target_args=" + getClass().getName(),
                "--instrumentation_includes=org.fasthebb.**",
                "--reproducer_path=" + folder(),
                "-artifact_prefix=" + folder() + File.separator,
                "-max_total_time=" + SECONDS,
                "-timeout=20",
                "-rss_limit_mb=0",
                seeds.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    assertEquals(0, jazzer.waitFor(), () -> "see " + log.toAbsolutePath());
  }

  /** What this JVM has on its module path and its class path, and the folder of this class. */
  private static String classPath() throws URISyntaxException {
    Path here = Path.of(FuzzTest.class.getResource("FuzzTest.class").toURI());
    return String.join(
        File.pathSeparator,
        here.resolve("../../../..").normalize().toString(),
        System.getProperty("jdk.module.path", ""),
        System.getProperty("java.class.path", ""));
  }

  /** Called by Jazzer, with the name of the class of the test. */
  public static void fuzzerInitialize(String... args)
      throws IOException, ReflectiveOperationException {
    Constructor<?> constructor = Class.forName(args[0]).getDeclaredConstructor();
    constructor.setAccessible(true);
    fuzzed = (FuzzTest) constructor.newInstance();
    for (byte[] seed : fuzzed.seeds()) {
      fuzzed.parse(seed); // loads classes, whose time and memory shall not count
    }
  }

  /** Called by Jazzer for each input. */
  public static void fuzzerTestOneInput(byte[] input) throws ReflectiveOperationException {
    fuzzed.check(input);
  }

  private void check(byte[] input) throws ReflectiveOperationException {
    long before = Allocations.ofThisThread();
    try {
      parse(input);
    } catch (Exception e) {
      if (!isRefusal(e) || e.getMessage().isBlank() || namesException(e.getMessage(), input)) {
        throw new AssertionError(describe(input), e);
      }
    } catch (OutOfMemoryError | StackOverflowError e) {
      throw new AssertionError(describe(input), e);
    }
    long bytes = Allocations.ofThisThread() - before;
    if (bytes > mostBytes()) {
      throw new AssertionError(bytes + " bytes for " + describe(input));
    }
  }

  /** Whether a message names an exception that was not in the input, where Jazzer puts it. */
  protected static final boolean namesException(String message, byte[] input) {
    String word = "Exception";
    return message.contains(word) && !new String(input, StandardCharsets.UTF_8).contains(word);
  }

  private static String describe(byte[] input) {
    return "the input (in base64) " + Base64.getEncoder().encodeToString(input);
  }
}
