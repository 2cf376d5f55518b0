package org.fasthebb.spark;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Serializable;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.fasthebb.models.io.AtomicFile;
import org.fasthebb.tools.Main;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/**
 * The command table2 as Spark tasks: each computes the networks of one part, as the command does on
 * one machine, and the driver puts their results together. Results that are in the output folder
 * are not computed again.
 */
final class TableJob {
  /**
   * Tasks of a table, unless {@code --tasks} says otherwise; those without a network cost little.
   */
  private static final int TASKS = 64;

  private static final String RESULT = "cell.json";

  private TableJob() {}

  /**
   * Computes a table.
   *
   * @param args the command table2 and its options, with {@code --out}, a folder of the driver
   * @return the exit code of the command
   */
  static int run(JavaSparkContext context, List<String> args) throws IOException {
    List<String> command = new ArrayList<>(args);
    Path folder = Path.of(option(command, "--out", null));
    int tasks = Integer.parseInt(option(command, "--tasks", "" + TASKS));
    List<Integer> numbers = IntStream.range(0, tasks).boxed().toList();
    JavaRDD<Integer> parts = context.parallelize(numbers, tasks);
    Map<String, byte[]> done = results(folder);
    context
        .sc()
        .runJob(
            parts.rdd(),
            new TablePartTask(command.toArray(String[]::new), tasks, done),
            CollectionConverters.asScala(new ArrayList<Object>(numbers)).toSeq(),
            new Keep(folder),
            ClassTag$.MODULE$.<Map<String, byte[]>>apply(Map.class));
    command.addAll(List.of("--out", folder.toString()));
    if (!command.contains("--budget")) {
      command.addAll(List.of("--budget", "0")); // all that there is to compute has been
    }
    PrintWriter out = new PrintWriter(System.out, true, System.out.charset());
    PrintWriter err = new PrintWriter(System.err, true, System.err.charset());
    return Main.run(out, err, command.toArray(String[]::new));
  }

  /** Takes an option and its value out of a command. */
  private static String option(List<String> command, String name, String otherwise) {
    int at = command.indexOf(name);
    if (at < 0 || at + 1 == command.size()) {
      if (otherwise == null) {
        throw new IllegalArgumentException(name + " is missing; name a folder of the driver");
      }
      return otherwise;
    }
    command.remove(at);
    return command.remove(at);
  }

  /** The results in a folder, by their paths there. */
  private static Map<String, byte[]> results(Path folder) throws IOException {
    Map<String, byte[]> results = new TreeMap<>();
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.filter(path -> path.endsWith(RESULT)).toList()) {
          results.put(folder.relativize(file).toString(), Files.readAllBytes(file));
        }
      }
    }
    return results;
  }

  private static void write(Path folder, Map<String, byte[]> results) throws IOException {
    for (Map.Entry<String, byte[]> result : results.entrySet()) {
      Path file = folder.resolve(result.getKey());
      Files.createDirectories(file.getParent());
      AtomicFile.write(file, content -> content.write(result.getValue()));
    }
  }

  /** A task, which returns its results. */
  private static final class TablePartTask
      extends AbstractFunction2<TaskContext, Iterator<Integer>, Map<String, byte[]>>
      implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String[] command;
    private final int of;
    private final TreeMap<String, byte[]> done;

    TablePartTask(String[] command, int of, Map<String, byte[]> done) {
      this.command = command;
      this.of = of;
      this.done = new TreeMap<>(done);
    }

    @Override
    public Map<String, byte[]> apply(TaskContext context, Iterator<Integer> numbers) {
      List<String> own = new ArrayList<>(List.of(command));
      own.addAll(List.of("--part", context.partitionId() + "/" + of));
      if (!own.contains("--threads")) {
        own.addAll(List.of("--threads", "" + context.cpus()));
      }
      try (LocalFolder local = new LocalFolder()) {
        Path out = local.path().resolve("table");
        write(out, done);
        own.addAll(List.of("--out", out.toString()));
        StringWriter said = new StringWriter();
        int code =
            Main.run(
                new PrintWriter(new StringWriter()),
                new PrintWriter(said, true),
                own.toArray(String[]::new));
        if (code != 0) {
          throw new IllegalStateException(said.toString().strip());
        }
        Map<String, byte[]> results = new TreeMap<>(results(out));
        results.keySet().removeAll(done.keySet());
        return results;
      } catch (IOException e) {
        throw new UncheckedIOException(e.getMessage(), e);
      }
    }
  }

  /** Keeps the results of a task at the driver as soon as it has ended. */
  private static final class Keep
      extends AbstractFunction2<Object, Map<String, byte[]>, BoxedUnit> {
    private final Path out;

    Keep(Path out) {
      this.out = out;
    }

    @Override
    public BoxedUnit apply(Object task, Map<String, byte[]> results) {
      try {
        write(out, results);
      } catch (IOException e) {
        throw new UncheckedIOException(e.getMessage(), e);
      }
      return BoxedUnit.UNIT;
    }
  }
}
