package org.fasthebb.spark;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.fasthebb.models.protocol.Experiment;
import org.fasthebb.tools.search.SearchObjective;

/**
 * Pre-trained networks that tasks of a search leave to later ones on their executor, since
 * combinations that differ only in what follows pre-training share one. They are not copied: each
 * file gets one more name. Files are only ever replaced as a whole, so nobody changes another's.
 *
 * @param folder for what is shared, on the disk where tasks work; it need not exist
 */
record SharedPretrainings(Path folder) {
  /** Puts the networks of earlier tasks into the output folder of a task. */
  void lend(Path out) throws IOException {
    share(folder, out);
  }

  /** Leaves the networks in the output folder of a task to later ones. */
  void keep(Path out) throws IOException {
    share(out, folder);
  }

  private static void share(Path from, Path to) throws IOException {
    for (Path network : content(from)) {
      String name = network.getFileName().toString();
      if (name.startsWith(SearchObjective.PRETRAINING)
          && Files.exists(network.resolve(Experiment.PRETRAINED))) {
        Path target = Files.createDirectories(to.resolve(name));
        for (Path file : content(network)) {
          link(target.resolve(file.getFileName()), file);
        }
      }
    }
  }

  private static void link(Path name, Path file) throws IOException {
    if (!Files.exists(name)) {
      try {
        Files.createLink(name, file);
      } catch (UnsupportedOperationException | FileSystemException e) {
        // Another task was first, or the file system has no links: then each task trains its own.
      }
    }
  }

  /**
   * What is in a folder, if there is one, without files that are being written. The network, which
   * says that all else is there, comes last.
   */
  private static List<Path> content(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> !file.getFileName().toString().startsWith("."))
          .sorted(Comparator.comparing(file -> file.endsWith(Experiment.PRETRAINED)))
          .toList();
    }
  }
}
