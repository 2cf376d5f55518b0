package org.fasthebb.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.SparkFiles;
import org.fasthebb.models.io.AtomicFile;
import org.fasthebb.models.protocol.Experiment;
import org.fasthebb.tools.search.SearchObjective;

/**
 * Pre-trained networks that tasks of a search leave to later ones on their executor, since
 * combinations that differ only in what follows pre-training share one. Spark removes them with the
 * executor's other files.
 */
final class SharedPretrainings {
  private final Path shared;

  /** Networks of one job. */
  SharedPretrainings(String job) {
    shared = Path.of(SparkFiles.getRootDirectory()).resolve(job);
  }

  /** Puts the networks of earlier tasks into the output folder of a task. */
  void lend(Path out) throws IOException {
    copy(shared, out);
  }

  /** Leaves the networks in the output folder of a task to later ones. */
  void keep(Path out) throws IOException {
    copy(out, shared);
  }

  private static void copy(Path from, Path to) throws IOException {
    for (Path folder : content(from)) {
      String name = folder.getFileName().toString();
      if (name.startsWith(SearchObjective.PRETRAINING)
          && Files.exists(folder.resolve(Experiment.PRETRAINED))) {
        Path target = Files.createDirectories(to.resolve(name));
        for (Path file : content(folder)) {
          Path copy = target.resolve(file.getFileName());
          if (!Files.exists(copy)) {
            AtomicFile.write(copy, out -> Files.copy(file, out));
          }
        }
      }
    }
  }

  /**
   * What is in a folder, if there is one; the network, which says that all else is there, at the
   * end.
   */
  private static List<Path> content(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .sorted(Comparator.comparing(file -> file.endsWith(Experiment.PRETRAINED)))
          .toList();
    }
  }
}
