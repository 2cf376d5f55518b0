package org.fasthebb.tools;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is published is enough for another project, and is the same bytes each time. */
@Tag("long")
class EmbedderTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  @TempDir static Path folder;
  private static Path sources;
  private static Path first;

  @BeforeAll
  static void publishOnce() throws IOException, InterruptedException {
    sources = copy(ROOT);
    first = folder.resolve("first");
    publish(sources, first);
  }

  @Test
  void anotherMavenProjectUsesWhatIsPublished() throws IOException, InterruptedException {
    assertLearnsBars(
        maven(
            sources.resolve("docs/examples/embedder"),
            "test",
            "-Dfasthebb.repository=" + first.toUri(),
            // Nothing of it goes into the user's own repository, which lends it the plugins.
            "-Dmaven.repo.local=" + folder.resolve("repository"),
            "-Dmaven.repo.local.tail="
                + Path.of(System.getProperty("user.home"), ".m2/repository")));
  }

  @Test
  void anotherGradleProjectUsesWhatIsPublished() throws IOException, InterruptedException {
    Optional<Path> gradle =
        Stream.of(System.getenv("PATH").split(File.pathSeparator))
            .map(place -> Path.of(place, "gradle"))
            .filter(Files::isExecutable)
            .findFirst();
    assumeTrue(gradle.isPresent(), "there is no gradle on the PATH: its project has not been run");
    assertLearnsBars(
        run(
            sources.resolve("docs/examples/embedder"),
            List.of(
                gradle.orElseThrow().toString(),
                "--no-daemon",
                "--console=plain",
                "--gradle-user-home=" + folder.resolve("gradle"),
                "-Pfasthebb.repository=" + first.toUri(),
                "run")));
  }

  private static void assertLearnsBars(String output) throws IOException {
    List<String> grid = output.lines().filter(line -> line.contains("##")).toList();
    assertEquals(7, grid.size(), output);
    String readme = Files.readString(ROOT.resolve("README.md"));
    assertTrue(readme.contains(String.join("\n", grid)), output);
  }

  @Test
  void whatIsPublishedIsSmallAndTheSameEachTime() throws IOException, InterruptedException {
    Path second = folder.resolve("second");
    publish(sources, second);
    long bytes = 0;
    for (String module : List.of("engine", "hebb")) {
      for (String kind : List.of("", "-sources", "-javadoc")) {
        String jar =
            "org/fasthebb/fasthebb-%1$s/0.1.0/fasthebb-%1$s-0.1.0%2$s.jar".formatted(module, kind);
        bytes += kind.isEmpty() ? Files.size(first.resolve(jar)) : 0;
        assertArrayEquals(
            Files.readAllBytes(first.resolve(jar)), Files.readAllBytes(second.resolve(jar)), jar);
      }
    }
    assertTrue(bytes <= 400_000, "small enough to embed, but has " + bytes + " bytes");
  }

  private static void publish(Path sources, Path repository)
      throws IOException, InterruptedException {
    maven(
        sources,
        "-Prelease",
        "-pl",
        "hebb,bom.xml",
        "-am",
        "clean",
        "deploy",
        "-Dmaven.test.skip",
        "-DaltDeploymentRepository=local::" + repository.toUri());
  }

  private static String maven(Path project, String... arguments)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of(folder.resolve("sources/mvnw").toString(), "-B", "-ntp", "-f"));
    command.add(project.resolve("pom.xml").toString());
    command.addAll(List.of(arguments));
    return run(project, command);
  }

  private static String run(Path project, List<String> command)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).directory(project.toFile()).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.waitFor(), output);
    return output;
  }

  /** The sources without what was built of them. */
  private static Path copy(Path from) throws IOException {
    Path to = folder.resolve("sources");
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
              throws IOException {
            String name = directory.getFileName().toString();
            if (List.of("target", "runs", ".git").contains(name)) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            Files.createDirectories(to.resolve(from.relativize(directory).toString()));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.copy(file, to.resolve(from.relativize(file).toString()));
            return FileVisitResult.CONTINUE;
          }
        });
    return to;
  }
}
