package org.fasthebb.engine.internal.cuda.runtime;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The environment that decides where libraries are looked for. It is passed as a parameter, so that
 * tests can choose it.
 *
 * @param root folder that stands for / of the file system
 * @param variables of the environment
 * @param properties of the system, null for one that is not set
 */
public record Surroundings(
    Path root, Map<String, String> variables, UnaryOperator<String> properties) {

  /** Puts versions in order: 9 before 12.4 before 12.10. */
  private static final Comparator<String> NATURAL =
      Comparator.comparing(
          Surroundings::numbers,
          (a, b) -> {
            for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
              int order = Integer.compare(a.get(i), b.get(i));
              if (order != 0) {
                return order;
              }
            }
            return Integer.compare(a.size(), b.size());
          });

  /** The environment of this process. */
  public static Surroundings actual() {
    return new Surroundings(Path.of("/"), System.getenv(), System::getProperty);
  }

  /** A system property, if it is set to something. */
  Optional<String> property(String name) {
    return Optional.ofNullable(properties.apply(name)).filter(value -> !value.isBlank());
  }

  /** An environment variable, if it is set to something. */
  Optional<String> variable(String name) {
    return Optional.ofNullable(variables.get(name)).filter(value -> !value.isBlank());
  }

  /** A path of the file system. */
  public Path path(String name) {
    Path path = Path.of(name).toAbsolutePath();
    return root.resolve(path.getRoot().relativize(path));
  }

  /** The folders that an environment variable lists, in its order. */
  List<Path> folders(String variable) {
    return variable(variable).stream()
        .flatMap(value -> Stream.of(value.split(File.pathSeparator)))
        .filter(name -> !name.isBlank())
        .map(this::path)
        .toList();
  }

  /**
   * The files in a folder, the newest version first by the numbers in their names; none if it
   * cannot be read.
   *
   * @param pattern of the names, with * for any letters
   */
  static List<Path> list(Path folder, String pattern) {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, pattern)) {
      entries.forEach(found::add);
    } catch (IOException e) {
      return List.of(); // missing or unreadable folders count as empty
    }
    found.sort(
        Comparator.<Path, String>comparing(path -> path.getFileName().toString(), NATURAL)
            .reversed()
            .thenComparing(Comparator.naturalOrder()));
    return found;
  }

  private static List<Integer> numbers(String name) {
    List<Integer> numbers = new ArrayList<>();
    for (String digits : name.split("\\D+")) {
      if (!digits.isEmpty() && digits.length() < 9) {
        numbers.add(Integer.parseInt(digits));
      }
    }
    return numbers;
  }
}
