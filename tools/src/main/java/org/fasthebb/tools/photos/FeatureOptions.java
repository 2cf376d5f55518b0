package org.fasthebb.tools.photos;

import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import org.fasthebb.engine.Backend;
import org.fasthebb.models.data.DataException;
import org.fasthebb.models.inputs.GivenFeatures;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.tools.console.Text;
import org.fasthebb.tools.console.ToolCommand;
import picocli.CommandLine.Option;

/** Options: files of features, which embed or any other program wrote. */
public final class FeatureOptions {
  private static final String FORMS =
      "a .npy with labels in FILE.npy.files.csv, a .csv or a .safetensors, as embed writes them.";

  @Option(
      names = "--train",
      paramLabel = "FILE",
      description = "Features of the training images: " + FORMS)
  private Path train;

  @Option(names = "--test", paramLabel = "FILE", description = "Those of the test images.")
  private Path test;

  private FeatureOptions() {}

  /** Whether there are any. */
  public boolean isGiven() {
    return train != null || test != null;
  }

  /** Refuses one file without the other. */
  public void check(ToolCommand command) {
    command.require(
        train != null && test != null,
        "features need two files: --train and --test, which embed or another program wrote");
    requireForm(command, "--train", train);
    requireForm(command, "--test", test);
  }

  private static void requireForm(ToolCommand command, String option, Path file) {
    command.require(
        TableForm.of(file) != null,
        option + " is " + file + "; its name must end with " + Text.either(TableForm.ENDS));
  }

  /** The name of the file of training features. */
  public String name() {
    return train.toString();
  }

  /**
   * Training and test features.
   *
   * @param classNames the classes of both
   */
  public record Given(GivenFeatures train, GivenFeatures test, List<String> classNames) {}

  /**
   * Reads both files.
   *
   * @throws DataException in one sentence, if one of them cannot be read, or they do not fit
   */
  public Given load(Backend backend) throws CheckpointException {
    FeatureTable first = new FeatureReader(train).read();
    FeatureTable second = new FeatureReader(test).read();
    if (first.width() != second.width()) {
      throw new DataException(
          "%s has %s features in a row, but %s has %s; both must come from one network"
              .formatted(train, first.width(), test, second.width()));
    }
    List<String> classes = List.copyOf(new TreeSet<>(first.labels()));
    for (String label : second.labels()) {
      if (!classes.contains(label)) {
        throw new DataException(
            "%s has rows of the class '%s', but %s has none; leave them out, or add some there"
                .formatted(test, label, train));
      }
    }
    return new Given(given(backend, first, classes), given(backend, second, classes), classes);
  }

  private static GivenFeatures given(Backend backend, FeatureTable table, List<String> classes) {
    int[] labels = table.labels().stream().mapToInt(classes::indexOf).toArray();
    return GivenFeatures.of(backend, table.rows(), classes, labels);
  }
}
