import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/**
 * Makes two archives that need no Java on the machine where they are unpacked. One is the program,
 * target/fasthebb-OS-PROCESSOR.tar.xz, for machines like the one that builds it. The other, made on
 * Linux and x86-64 only, is target/fasthebb-gpu-check.tar.xz: the program and what checks its GPU
 * path where there is an NVIDIA driver and nothing else; see gpu-check.sh. Run by the profile
 * "bundle" of tools/pom.xml, in the folder tools. Arguments: data=FOLDER rivals=FOLDER
 * jcuda=VERSION, with an empty FOLDER for none.
 */
class Bundle {
  private static final String CHECK = "fasthebb-gpu-check";

  /** The JDK modules that our modules, the tests' launcher and JMH need. */
  private static final String JDK_MODULES =
      "java.base,java.compiler,java.desktop,java.logging,java.management,java.net.http,java.xml,"
          + "jdk.incubator.vector,jdk.jshell,jdk.management,jdk.unsupported,jdk.zipfs";

  private static final int MEGABYTE = 1_000_000;
  private static final long MOST_DATA = 25 * MEGABYTE;
  private static final long MOST = 60 * MEGABYTE;

  private static final Path TARGET = Path.of("target");
  private static final Path WORK = TARGET.resolve("bundle"); // Maven puts files here first
  private static final Path ROOT = WORK.resolve("fasthebb");

  private static final List<String> absent = new ArrayList<>();

  public static void main(String[] args) throws Exception {
    try {
      make(value(args[0], "data="), value(args[1], "rivals="), value(args[2], "jcuda="));
    } catch (Refusal e) {
      System.err.println("bundle: " + e.getMessage());
      System.exit(1);
    }
  }

  private static String value(String argument, String key) {
    if (!argument.startsWith(key)) {
      throw new Refusal("the argument '" + argument + "' must begin with " + key);
    }
    return argument.substring(key.length());
  }

  private static void make(String data, String rivals, String jcuda) throws Exception {
    delete(ROOT); // left by a build that failed
    Files.createDirectories(ROOT);
    boolean hasCuda = platform().equals("linux-x86_64");
    modules();
    if (hasCuda) {
      natives(jcuda);
    }
    executable(Path.of("../fasthebb"));
    for (String text : List.of("LICENSE", "README.md", "CHANGELOG.md")) {
      Files.copy(Path.of("..", text), ROOT.resolve(text));
    }
    runtime();
    pack("fasthebb-" + platform(), ROOT);
    if (hasCuda) {
      tests();
      optional(Path.of("../bench/target/benchmarks.jar"), "benchmarks", "add bench to -pl");
      copy(Path.of("src/test/resources/golden"), ROOT.resolve("golden"), _ -> true);
      extra(data, "data", MOST_DATA);
      extra(rivals, "rivals", MEGABYTE);
      executable(Path.of("src/bundle/gpu-check.sh"));
      pack(CHECK, Files.move(ROOT, ROOT.resolveSibling(CHECK)));
    }
    delete(WORK);
  }

  /** Such as linux-x86_64 or mac_os_x-aarch64. */
  private static String platform() {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT).replace(' ', '_');
    return system + "-" + System.getProperty("os.arch").replace("amd64", "x86_64");
  }

  private static void executable(Path script) throws IOException {
    Path copy = ROOT.resolve(script.getFileName());
    Files.copy(script, copy);
    copy.toFile().setExecutable(true, false);
  }

  /** Copies all jars for `java -p` but for JCuda's native part. */
  private static void modules() throws IOException {
    Path modules = ROOT.resolve("modules");
    Predicate<Path> jars = file -> name(file).endsWith(".jar");
    copy(WORK.resolve("modules"), modules, jars.and(file -> !name(file).contains("natives")));
    copy(TARGET.resolve("modules"), modules, file -> name(file).startsWith("fasthebb-tools"));
  }

  /** Of JCuda's native part only the libraries that are used: 0.6 of 9.5 MB. */
  private static void natives(String jcuda) {
    tool(
        "jar",
        "--create",
        "--file",
        ROOT.resolve("modules/jcuda-natives-" + jcuda + "-linux-x86_64.jar").toString(),
        "-C",
        WORK.resolve("natives").toString(),
        "lib");
  }

  /** Copies the tests that every device must pass, one jar for each module, and their launcher. */
  private static void tests() throws IOException {
    Path tests = ROOT.resolve("tests");
    for (String module : List.of("engine", "hebb", "models")) {
      Path classes = Path.of("..", module, "target", "test-classes");
      if (hasConformanceTests(classes)) {
        Files.createDirectories(tests);
        Path jar = tests.resolve(module + "-tests.jar");
        tool("jar", "--create", "--file", jar.toString(), "-C", classes.toString(), ".");
      }
    }
    if (Files.exists(tests)) {
      copy(WORK.resolve("tests"), tests, file -> name(file).endsWith(".jar"));
    } else {
      absent.add("conformance tests (compiled with -DskipTests, if there are any)");
    }
  }

  private static boolean hasConformanceTests(Path classes) throws IOException {
    if (!Files.isDirectory(classes)) {
      return false;
    }
    try (Stream<Path> files = Files.walk(classes)) {
      return files.anyMatch(file -> name(file).endsWith("ConformanceTest.class"));
    }
  }

  private static void optional(Path file, String what, String remedy) throws IOException {
    if (Files.exists(file)) {
      Files.copy(file, ROOT.resolve(name(file)));
    } else {
      absent.add(what + " (" + remedy + ")");
    }
  }

  private static void extra(String folder, String what, long most) throws IOException {
    String property = "-Dbundle." + what;
    if (folder.isBlank()) {
      absent.add(what + " (" + property + "=FOLDER)");
      return;
    }
    Path from = Path.of(folder);
    if (!Files.isDirectory(from)) {
      throw new Refusal(
          property + " is " + folder + ", which is no folder; give the absolute path of one");
    }
    long size = size(from);
    if (size > most) {
      throw new Refusal(
          "%s is %s, with %d MB, but at most %d MB fit; name a smaller folder"
              .formatted(property, folder, size / MEGABYTE, most / MEGABYTE));
    }
    copy(from, ROOT.resolve(what), _ -> true);
  }

  /**
   * Copies the Java runtime, uncompressed, because xz then makes the archive smaller. Without
   * ct.sym, which takes 9 MB, its compiler knows no older versions of Java; ours asks for none.
   */
  private static void runtime() {
    tool(
        "jlink",
        "--add-modules",
        JDK_MODULES,
        "--strip-debug",
        "--no-header-files",
        "--no-man-pages",
        "--compress",
        "zip-0",
        "--exclude-files",
        "**ct.sym",
        "--vm",
        "server",
        "--output",
        ROOT.resolve("jre").toString());
  }

  /** Packs a folder into an archive of which it is the only entry at the top. */
  private static void pack(String name, Path folder) throws IOException, InterruptedException {
    Path archive = TARGET.resolve(name + ".tar.xz");
    List<String> command =
        List.of(
            "tar",
            "--create",
            "--file",
            archive.toString(),
            "--use-compress-program=xz -T1 -6",
            "--sort=name",
            "--owner=0",
            "--group=0",
            "--numeric-owner",
            "--directory",
            folder.getParent().toString(),
            name(folder));
    if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
      throw new Refusal("tar failed; install GNU tar and xz");
    }
    long size = Files.size(archive);
    String without = absent.isEmpty() ? "" : ", without " + absent;
    System.out.printf("tools/%s, %.1f MB%s%n", archive, size / 1e6, without);
    if (size > MOST) {
      throw new Refusal(archive + " has more than " + MOST / MEGABYTE + " MB; add less data");
    }
  }

  private static void tool(String name, String... arguments) {
    ToolProvider tool =
        ToolProvider.findFirst(name)
            .orElseThrow(() -> new Refusal("this Java has no " + name + "; use a whole JDK"));
    if (tool.run(System.out, System.err, arguments) != 0) {
      throw new Refusal(name + " failed");
    }
  }

  private static void copy(Path from, Path to, Predicate<Path> wanted) throws IOException {
    try (Stream<Path> files = Files.walk(from, FileVisitOption.FOLLOW_LINKS)) {
      for (Path file : files.filter(Files::isRegularFile).filter(wanted).toList()) {
        Path copy = to.resolve(from.relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
        // Files that are read-only here become writable, also in the unpacked bundle.
        copy.toFile().setWritable(true);
      }
    }
  }

  private static long size(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(Bundle::deleteOne);
    }
  }

  private static void deleteOne(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }

  /** An error that the person who builds can correct. */
  private static final class Refusal extends RuntimeException {
    Refusal(String message) {
      super(message);
    }
  }
}
