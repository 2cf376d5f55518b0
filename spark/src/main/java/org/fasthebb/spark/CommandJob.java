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
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.SparkFiles;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.fasthebb.engine.Backend;
import org.fasthebb.models.io.AtomicFile;
import org.fasthebb.tools.Main;
import org.fasthebb.tools.search.SearchObjective;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/**
 * The commands table2 and search as Spark tasks: each trains one part, as the command does on one
 * machine, and the driver puts their results together. Results that are in the output folder are
 * not computed again.
 */
final class CommandJob {
  /** The commands, and the file that holds a result of each. */
  static final Map<String, String> RESULTS =
      Map.of("table2", "cell.json", "search", SearchObjective.EVALUATION);

  /**
   * Tasks of a table, unless {@code --tasks} says otherwise; those without a network cost little.
   */
  private static final int TABLE_TASKS = 64;

  /**
   * Tasks of a search at a time, unless {@code --tasks} says otherwise. More guess further ahead,
   * and more of what they compute may turn out not to be needed.
   */
  private static final int SEARCH_TASKS = 8;

  /** How the command begins the sentence that says why it failed. */
  private static final String REASON = "fasthebb: ";

  private CommandJob() {}

  /**
   * Runs a command.
   *
   * @param args the command and its options, with {@code --out}, a folder of the driver
   * @return the exit code of the command
   */
  static int run(JavaSparkContext context, List<String> args) throws IOException {
    List<String> command = new ArrayList<>();
    for (String arg : args) { // also written as --name=value
      command.addAll(List.of(arg.startsWith("--") ? arg.split("=", 2) : new String[] {arg}));
    }
    if (command.contains("--part")) {
      throw new IllegalArgumentException("each task gets a --part of its own; leave it out");
    }
    boolean isSearch = command.getFirst().equals("search");
    String out = option(command, "--out", null);
    if (out == null) {
      throw new IllegalArgumentException("--out is missing; name a folder of the driver");
    }
    Path folder = Path.of(out);
    int tasks = tasks(option(command, "--tasks", "" + (isSearch ? SEARCH_TASKS : TABLE_TASKS)));
    if (!command.contains("--kernels") && !command.contains("--device")) {
      try (Backend cpu = Backend.cpu(1)) { // results of different kernels do not go together
        command.addAll(List.of("--kernels", cpu.kernels()));
      }
    }
    List<Integer> numbers = IntStream.range(0, tasks).boxed().toList();
    JavaRDD<Integer> parts = context.parallelize(numbers, tasks);
    String file = RESULTS.get(command.getFirst());
    String job = "fasthebb-" + UUID.randomUUID();
    Map<String, byte[]> done;
    Map<String, byte[]> all = results(folder, file);
    do {
      done = all;
      context
          .sc()
          .runJob(
              parts.rdd(),
              new PartTask(command.toArray(String[]::new), job, tasks, done),
              CollectionConverters.asScala(new ArrayList<Object>(numbers)).toSeq(),
              new Keep(folder),
              ClassTag$.MODULE$.<Map<String, byte[]>>apply(Map.class));
      all = results(folder, file);
      // What a search needs next depends on the results.
    } while (isSearch && all.size() > done.size());
    command.addAll(List.of("--out", out));
    if (!isSearch && !command.contains("--budget")) {
      command.addAll(List.of("--budget", "0")); // all that there is to compute has been
    }
    PrintWriter results = new PrintWriter(System.out, true, System.out.charset());
    PrintWriter err = new PrintWriter(System.err, true, System.err.charset());
    return Main.run(results, err, command.toArray(String[]::new));
  }

  private static int tasks(String text) {
    try {
      int tasks = Integer.parseInt(text);
      if (tasks >= 1) {
        return tasks;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new IllegalArgumentException(
        "--tasks is '%s'; it must be a whole number of at least 1".formatted(text));
  }

  /** Takes an option and its value out of a command. */
  private static String option(List<String> command, String name, String otherwise) {
    int at = command.indexOf(name);
    if (at < 0) {
      return otherwise;
    }
    if (at + 1 == command.size()) {
      throw new IllegalArgumentException(name + " has no value");
    }
    command.remove(at);
    return command.remove(at);
  }

  /** The results in files of a name, by their paths in a folder. */
  private static Map<String, byte[]> results(Path folder, String name) throws IOException {
    Map<String, byte[]> results = new TreeMap<>();
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.filter(path -> path.endsWith(name)).toList()) {
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
  private static final class PartTask
      extends AbstractFunction2<TaskContext, Iterator<Integer>, Map<String, byte[]>>
      implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String[] command;
    private final String job;
    private final int of;
    private final TreeMap<String, byte[]> done;

    PartTask(String[] command, String job, int of, Map<String, byte[]> done) {
      this.command = command;
      this.job = job;
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
      Path root = Path.of(SparkFiles.getRootDirectory());
      try (LocalFolder local = new LocalFolder(root)) {
        Path out = local.path().resolve("part");
        write(out, done);
        SharedPretrainings pretrainings = new SharedPretrainings(root.resolve(job));
        pretrainings.lend(out);
        own.addAll(List.of("--out", out.toString()));
        StringWriter said = new StringWriter();
        int code =
            Main.run(
                new PrintWriter(new StringWriter()),
                new PrintWriter(said, true),
                own.toArray(String[]::new));
        if (code != 0) {
          String all = said.toString().strip(); // progress, and the reason at its end
          int at = all.lastIndexOf(REASON);
          throw new IllegalStateException(at < 0 ? all : all.substring(at + REASON.length()));
        }
        pretrainings.keep(out);
        Map<String, byte[]> results = results(out, RESULTS.get(command[0]));
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
