import com.google.googlejavaformat.java.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Runs google-java-format over the sources of every module; see the root pom. */
class Format {
  public static void main(String[] args) throws Exception {
    List<String> command = new ArrayList<>();
    switch (args[0]) {
      case "check" -> command.addAll(List.of("--dry-run", "--set-exit-if-changed"));
      case "apply" -> command.add("--replace");
      default -> throw new IllegalArgumentException("-Dformat=check or -Dformat=apply");
    }
    command.add(".mvn/Format.java");
    try (Stream<Path> modules = Files.list(Path.of(""))) {
      for (Path sources : modules.map(m -> m.resolve("src")).filter(Files::isDirectory).toList()) {
        addJavaFiles(sources, command);
      }
    }
    var out = new PrintWriter(System.out, true);
    var err = new PrintWriter(System.err, true);
    int status = new Main(out, err, System.in).format(command.toArray(String[]::new));
    out.flush();
    err.flush();
    if (status != 0) {
      System.err.println(
          "The files above are not formatted: ./mvnw validate -Dformat=apply formats them.");
    }
    System.exit(status);
  }

  private static void addJavaFiles(Path folder, List<String> files) throws IOException {
    try (Stream<Path> below = Files.walk(folder)) {
      below.map(Path::toString).filter(f -> f.endsWith(".java")).sorted().forEach(files::add);
    }
  }
}
