package org.fasthebb.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The program for {@code spark-submit}.
 *
 * <pre>
 * pretrain --data-dir PATHS --out FOLDER [--rule hpca] [--workers 4] ...
 * features --data-dir PATHS --out PARQUET --model FILE_OR_FOLDER [--handle-invalid skip]
 * table2 --out FOLDER [--tasks 64] [options of the command line's table2]
 * search --out FOLDER [--tasks 8] [options of the command line's search]
 * </pre>
 *
 * <p>Other options are the parameters of {@link HebbianFeatures} and {@link HebbianFeaturesModel},
 * written as on the command line: {@code --zca-epsilon} for zcaEpsilon. A model is a local file of
 * the command line, or a folder that {@code pretrain} has written.
 */
public final class FeatureJob {
  private static final Pattern HYPHEN = Pattern.compile("-([a-z])");

  private final Map<String, String> options;

  private FeatureJob(Map<String, String> options) {
    this.options = options;
  }

  /**
   * Runs a job. Mistakes are one sentence, and end with status 2; what fails is one, too, with 1.
   *
   * @throws Exception what is a fault of this program
   */
  public static void main(String[] args) throws Exception {
    try {
      int code = run(args);
      if (code != 0) {
        System.exit(code);
      }
    } catch (IllegalArgumentException e) {
      System.err.println("fasthebb-spark: " + e.getMessage());
      System.exit(2);
    } catch (Exception e) { // Spark's own are checked exceptions that no method declares
      if (e instanceof RuntimeException
          && !(e instanceof IllegalStateException || e instanceof UncheckedIOException)) {
        throw e;
      }
      System.err.println("fasthebb-spark: " + Pretrainer.reason(e));
      System.exit(1);
    }
  }

  /** As {@link #main}, but throws what is wrong, and returns the exit code. */
  static int run(String... args) throws IOException {
    String command = args.length == 0 ? "" : args[0];
    if (CommandJob.RESULTS.containsKey(command)) {
      return CommandJob.run(
          JavaSparkContext.fromSparkContext(spark().sparkContext()), List.of(args));
    }
    if (!command.equals("pretrain") && !command.equals("features")) {
      throw new IllegalArgumentException(
          "the command is '%s'; use pretrain, features, table2 or search".formatted(command));
    }
    Map<String, String> options = new LinkedHashMap<>();
    for (int i = 1; i < args.length; i += 2) {
      if (!args[i].startsWith("--") || i + 1 == args.length) {
        throw new IllegalArgumentException(
            "'%s' is no option with a value, such as --rule hpca".formatted(args[i]));
      }
      String camel =
          HYPHEN.matcher(args[i].substring(2)).replaceAll(m -> m.group(1).toUpperCase(Locale.ROOT));
      options.put(camel, args[i + 1]);
    }
    FeatureJob job = new FeatureJob(options);
    String data = job.required("dataDir");
    String out = job.required("out");
    if (command.equals("pretrain")) {
      HebbianFeatures how = new HebbianFeatures();
      job.set(how);
      how.fit(photos(data)).write().overwrite().save(out);
    } else {
      String file = job.required("model");
      requireNew(new org.apache.hadoop.fs.Path(out));
      HebbianFeaturesModel model = model(file);
      job.set(model);
      Dataset<Row> features = model.transform(photos(data));
      features.drop(model.getOrDefault(model.inputCol())).write().parquet(out);
    }
    return 0;
  }

  private static void requireNew(org.apache.hadoop.fs.Path out) throws IOException {
    if (out.getFileSystem(spark().sparkContext().hadoopConfiguration()).exists(out)) {
      throw new IllegalArgumentException(
          "there is already something at --out %s; remove it, or name another place"
              .formatted(out));
    }
  }

  private static SparkSession spark() {
    return SparkSession.builder().appName("fasthebb").getOrCreate();
  }

  private static Dataset<Row> photos(String paths) {
    return spark()
        .read()
        .format("binaryFile")
        .option("recursiveFileLookup", "true")
        .load(paths.split(","));
  }

  private static HebbianFeaturesModel model(String name) throws IOException {
    return name.endsWith(".safetensors")
        ? HebbianFeaturesModel.fromFile(Path.of(name))
        : HebbianFeaturesModel.load(name);
  }

  private String required(String name) {
    String value = options.remove(name);
    if (value == null) {
      throw new IllegalArgumentException(
          "--%s is missing".formatted(name.equals("dataDir") ? "data-dir" : name));
    }
    return value;
  }

  /** Sets all options that are left. */
  private void set(Params params) {
    options.forEach((name, value) -> {
      if (!params.hasParam(name)) {
        throw new IllegalArgumentException(
            "there is no parameter %s; the parameters are%n%s"
                .formatted(name, params.explainParams()));
      }
      Param<Object> param = params.getParam(name);
      try {
        params.set(param, parsed((Param<?>) param, value));
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(
            "%s is '%s', which is no number".formatted(name, value), e);
      }
    });
  }

  private static Object parsed(Param<?> param, String value) {
    return switch (param) {
      case IntParam _ -> Integer.valueOf(value);
      case LongParam _ -> Long.valueOf(value);
      case DoubleParam _ -> Double.valueOf(value);
      default -> value;
    };
  }
}
