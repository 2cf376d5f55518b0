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
import org.apache.spark.sql.SparkSession;
import org.fasthebb.models.io.Json;
import org.fasthebb.tools.Main;
import org.fasthebb.tools.tables.Cell;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A table of Spark tasks is that of the command. */
class TableJobTest {
  private static final List<String> TABLE =
      List.of(
          ("table2 --methods none,hpca --read-out ridge --regimes 50,100 --seeds 1 --epochs 1"
                  + " --train-images 200 --test-images 100 --batch 16")
              .split(" "));

  @TempDir Path folder;

  private static String[] with(String... more) {
    return Stream.concat(TABLE.stream(), Stream.of(more)).toArray(String[]::new);
  }

  @Test
  void tasksWriteTheFilesOfTheCommand() throws Exception {
    Path alone = folder.resolve("alone");
    Path tasks = folder.resolve("tasks");
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    assertEquals(
        0,
        Main.run(new PrintWriter(out), new PrintWriter(err), with("--out", alone.toString())),
        err::toString);
    try (SparkSession _ = HebbianFeaturesTest.local(folder)) {
      assertEquals(0, FeatureJob.run(with("--out", tasks.toString(), "--tasks", "2")));
      assertTrue(accuracies(alone).distinct().count() > 1, "all accuracies are equal");
      assertSameFiles(alone, tasks);
      Files.delete(tasks.resolve("table2.csv"));
      Files.delete(results(tasks).getFirst());
      assertEquals(0, FeatureJob.run(with("--out", tasks.toString(), "--tasks", "3")));
      assertSameFiles(alone, tasks);
      String message =
          assertThrows(
                  SparkException.class,
                  () -> FeatureJob.run(with("--out", tasks.toString(), "--classes", "1")))
              .getMessage();
      assertTrue(message.contains("--classes"), message);
      message =
          assertThrows(IllegalArgumentException.class, () -> FeatureJob.run(with())).getMessage();
      assertEquals("--out is missing; name a folder of the driver", message);
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
