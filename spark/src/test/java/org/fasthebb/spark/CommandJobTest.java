package org.fasthebb.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.apache.spark.SparkException;
import org.apache.spark.SparkFiles;
import org.apache.spark.sql.SparkSession;
import org.fasthebb.models.io.Json;
import org.fasthebb.models.protocol.Experiment;
import org.fasthebb.tools.Main;
import org.fasthebb.tools.tables.Cell;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Spark tasks compute is what the command computes. */
class CommandJobTest {
  private static final List<String> TABLE =
      List.of(
          ("table2 --methods none,hpca --read-out ridge --regimes 50,100 --seeds 1 --epochs 1"
                  + " --train-images 200 --test-images 100 --batch 16")
              .split(" "));

  private static final List<String> SEARCH =
      List.of(
          ("search --space eta=1e-3,2e-3 rate=1e-3,1e-2 --trials 3 --labels 50% --epochs 1"
                  + " --fine-tune-epochs 1 --train-images 200 --test-images 100 --batch 16")
              .split(" "));

  @TempDir Path folder;

  private static String[] with(List<String> command, String... more) {
    return Stream.concat(command.stream(), Stream.of(more)).toArray(String[]::new);
  }

  /** Runs a command on this machine; returns its folder. */
  private Path runAlone(List<String> command) {
    Path out = folder.resolve("alone");
    StringWriter err = new StringWriter();
    String[] args = with(command, "--out", out.toString());
    assertEquals(
        0,
        Main.run(new PrintWriter(new StringWriter()), new PrintWriter(err), args),
        err::toString);
    return out;
  }

  @Test
  void tasksWriteTheFilesOfTheCommand() throws Exception {
    Path alone = runAlone(TABLE);
    Path tasks = folder.resolve("tasks");
    try (SparkSession _ = HebbianFeaturesTest.local(folder)) {
      assertEquals(0, FeatureJob.run(with(TABLE, "--out", tasks.toString(), "--tasks", "2")));
      assertTrue(accuracies(alone).distinct().count() > 1, "all accuracies are equal");
      assertSameFiles(alone, tasks);
      Files.delete(tasks.resolve("table2.csv"));
      Files.delete(results(tasks).getFirst());
      assertEquals(0, FeatureJob.run(with(TABLE, "--out", tasks.toString(), "--tasks", "3")));
      assertSameFiles(alone, tasks);
      String message =
          assertThrows(
                  SparkException.class,
                  () -> FeatureJob.run(with(TABLE, "--out", tasks.toString(), "--classes", "1")))
              .getMessage();
      assertTrue(message.contains("--classes"), message);
      message =
          assertThrows(IllegalArgumentException.class, () -> FeatureJob.run(with(TABLE)))
              .getMessage();
      assertEquals("--out is missing; name a folder of the driver", message);
    }
  }

  @Test
  void tasksSearchAsTheCommandDoes() throws Exception {
    Path alone = runAlone(SEARCH);
    Path tasks = folder.resolve("tasks");
    try (SparkSession _ = HebbianFeaturesTest.local(folder)) {
      assertEquals(0, FeatureJob.run(with(SEARCH, "--out", tasks.toString(), "--tasks", "2")));
      assertEquals(-1, Files.mismatch(alone.resolve("search.csv"), tasks.resolve("search.csv")));
      assertEquals(List.of(), pretrainings(tasks), "the driver has trained");
      assertEquals(2, pretrainings(Path.of(SparkFiles.getRootDirectory())).size());
    }
  }

  /** Pre-trained networks anywhere in a folder. */
  private static List<Path> pretrainings(Path folder) throws Exception {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.endsWith(Experiment.PRETRAINED)).toList();
    }
  }

  private static List<Path> results(Path folder) throws Exception {
    try (Stream<Path> files = Files.walk(folder)) {
      return new ArrayList<>(files.filter(file -> file.endsWith("cell.json")).sorted().toList());
    }
  }

  private static DoubleStream accuracies(Path folder) throws Exception {
    List<Double> accuracies = new ArrayList<>();
    for (Path file : results(folder)) {
      accuracies.add(Json.read(file, Cell.class).accuracy());
    }
    return accuracies.stream().mapToDouble(a -> a);
  }

  private static void assertSameFiles(Path expected, Path actual) throws Exception {
    List<Path> files = results(expected);
    assertEquals(4, files.size());
    assertEquals(4, results(actual).size());
    files.add(expected.resolve("table2.csv"));
    files.add(expected.resolve("table2.md"));
    for (Path file : files) {
      Path same = actual.resolve(expected.relativize(file));
      assertEquals(-1, Files.mismatch(file, same), same.toString());
    }
  }
}
