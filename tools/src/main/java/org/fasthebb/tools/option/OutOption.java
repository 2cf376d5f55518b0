package org.fasthebb.tools.option;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** Option: the folder for results. */
public final class OutOption {
  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "Folder for the results; created if it does not exist. The same command run again uses"
              + " the results that are there and continues an interrupted run. Default: a folder in"
              + " runs/, named after the options that are not the defaults.")
  private Path out;

  private OutOption() {}

  /**
   * The folder, or a default one.
   *
   * @param name of the default folder
   * @param unusual words for all options that are not the defaults, which the name gets too
   */
  public Path folder(String name, List<String> unusual) {
    String all = unusual.isEmpty() ? name : name + "-" + String.join(",", unusual);
    return out == null ? Path.of("runs", all) : withoutParentSteps(out);
  }

  /**
   * A path without "..", as the system resolves it: after a symbolic link, ".." is the parent of
   * the folder that the link leads to. Java makes folders by the names alone.
   */
  private static Path withoutParentSteps(Path path) {
    Path place = path.isAbsolute() ? path.getRoot() : Path.of("");
    for (Path name : path) {
      if (!name.toString().equals("..")) {
        place = place.resolve(name);
        continue;
      }
      try {
        place = place.toRealPath().getParent();
      } catch (IOException e) {
        place = place.toAbsolutePath().getParent(); // not made yet
      }
      place = place == null ? path.getRoot() : place;
    }
    return place;
  }
}
