package org.fasthebb.tools.research;

import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.data.DataException;
import org.fasthebb.models.inputs.DataLoader;
import org.fasthebb.models.inputs.Examples;
import org.fasthebb.models.inputs.GivenFeatures;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.learn.Accuracy;
import org.fasthebb.models.learn.Normalisation;
import org.fasthebb.models.protocol.ReadOutSettings;
import org.fasthebb.models.protocol.Split;
import org.fasthebb.models.readout.ClassMeans;
import org.fasthebb.models.readout.FeatureForm;
import org.fasthebb.models.readout.NearestNeighbours;
import org.fasthebb.models.readout.ReadOutData;
import org.fasthebb.models.readout.Ridge;
import org.fasthebb.tools.console.Text;
import org.fasthebb.tools.console.ToolCommand;
import org.fasthebb.tools.option.ComputeOptions;
import org.fasthebb.tools.option.Parameter;
import org.fasthebb.tools.option.Percent;
import org.fasthebb.tools.photos.FeatureOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Reads labels out of features that any program computed. */
@Command(
    name = "readout",
    description = {
      "Learn labels from features in a file, and test on those in another: the read-outs of run,"
          + " for features of any program. Writes nothing.",
      "",
      "Features are made comparable as run makes them: square roots (signs stay), mean 0 and"
          + " variance 1 over training images, unit length; --power 1 and --raw-features take them"
          + " as they are. Retrieval scores of the same files: fasthebb retrieve --train --test."
    },
    footer = {
      "",
      "Examples:",
      "  ./fasthebb embed --model runs/mine/model.safetensors --out train.npy photos/train",
      "  ./fasthebb embed --model runs/mine/model.safetensors --out test.npy photos/test",
      "  ./fasthebb readout --train train.npy --test test.npy --labels 10%% --read-out knn"
    })
public final class ReadOutCommand extends ToolCommand {
  /** Read-outs in closed form. */
  public enum ClosedForm {
    RIDGE,
    CENTROIDS,
    KNN;

    /** The name on the command line, which a shell completes. */
    @Override
    public String toString() {
      return Text.name(this);
    }
  }

  @Mixin private FeatureOptions given;

  @Option(
      names = "--labels",
      paramLabel = "PERCENT",
      defaultValue = "100%",
      description =
          "Percent of the training rows, without those held out for validation, whose labels are"
              + " used. Default: 100%%.")
  private Percent labels;

  @Option(
      names = "--read-out",
      paramLabel = "KIND",
      defaultValue = "ridge",
      description =
          "ridge (ridge regression), centroids (the nearest mean of a class) or knn (nearest"
              + " neighbours). Default: ${DEFAULT-VALUE}.")
  private ClosedForm kind;

  @Option(
      names = "--power",
      paramLabel = "P",
      description = "Power that features are raised to, from 0.01 to 10; signs stay. Default: 0.5.")
  private Float power;

  @Option(
      names = "--raw-features",
      description = "Take features as they are; for centroids and knn divided by their length.")
  private boolean raw;

  @Option(
      names = "--validation",
      paramLabel = "PERCENT",
      defaultValue = "20%",
      description =
          "Percent of the training rows held out to choose the weight of ridge, or the number of"
              + " neighbours. Default: 20%%.")
  private Percent validation;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "Decides which rows have labels. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Mixin private ComputeOptions compute;

  private ReadOutCommand() {}

  /** What {@code --json} prints. */
  private record ReadOutAnswer(
      double testAccuracy,
      Double testTop5,
      String readOut,
      int features,
      int labelledImages,
      int testImages,
      int classes,
      long seed,
      String train) {}

  @Override
  public Integer call() throws CheckpointException {
    given.check(this);
    compute.check(this);
    require(labels.percent() > 0, "--labels is 0%; it must be over 0%");
    require(validation.percent() < 100, "--validation is 100%; it must be below 100%");
    Parameter.POWER.check(this, power);
    try (Backend backend = compute.backend()) {
      readOut(backend, given.load(backend));
    }
    return 0;
  }

  private FeatureForm form() {
    FeatureForm usual = raw ? FeatureForm.PLAIN : FeatureForm.COMPARABLE;
    float own = power == null ? usual.power() : power;
    boolean unitLength = usual.unitLength() || kind != ClosedForm.RIDGE;
    return new FeatureForm(false, false, 0, own, usual.normalised(), 0, unitLength);
  }

  private void readOut(Backend backend, FeatureOptions.Given features) {
    FeatureForm form = form();
    GivenFeatures train = features.train();
    raise(train.rows(), form.power());
    raise(features.test().rows(), form.power());
    int size = train.set().size();
    Split split = Split.of(size, (int) (validation.fraction() * size), labels.fraction(), seed);
    int[] labelled = split.labelled();
    checkClasses(train, labelled);
    int some = Math.max(labelled.length, ReadOutSettings.UNLABELLED);
    int[] seen = Arrays.copyOf(split.train(), Math.min(some, split.train().length));
    Normalisation normalisation = new Normalisation(null, null, form.unitLength());
    if (form.normalised()) {
      normalisation = Normalisation.blank(backend, train.width(), form.unitLength());
      normalisation.fit(DataLoader.once(train, new Examples(train.set(), seen)));
    }
    ReadOutData known =
        new ReadOutData(
            train,
            normalisation,
            train.set(),
            labelled,
            Arrays.copyOfRange(seen, labelled.length, seen.length),
            split.validation());
    Examples all = Examples.all(features.test().set());
    Accuracy accuracy = Accuracy.of(DataLoader.once(features.test(), all), scores(known));
    answer(form, features, labelled.length, accuracy);
  }

  /** Scores (b, classes) of features, by what was learned. */
  private UnaryOperator<Tensor> scores(ReadOutData known) {
    long memory = Runtime.getRuntime().maxMemory();
    int width = known.features().shape(known.set(), 1)[1];
    return switch (kind) {
      case RIDGE -> {
        int classes = known.set().classes();
        Ridge.requireMemory(known.labelled().length, width, classes, known.hasValidation(), memory);
        yield Ridge.fit(known, 0, this::say).classifier()::scores;
      }
      case CENTROIDS -> ClassMeans.fit(known)::scores;
      case KNN -> {
        NearestNeighbours.requireMemory(known.labelled().length, width, memory);
        NearestNeighbours neighbours = NearestNeighbours.fit(known);
        say("nearest neighbours: " + neighbours.k() + " vote");
        yield neighbours::scores;
      }
    };
  }

  private void checkClasses(GivenFeatures train, int... labelled) {
    List<String> known =
        Arrays.stream(labelled)
            .mapToObj(i -> train.set().classNames().get(train.set().label(i)))
            .distinct()
            .collect(Collectors.toList());
    if (known.size() < 2) {
      throw new DataException(
          "the %s labelled rows are of the class %s alone, and learning needs at least 2 classes;"
                  .formatted(labelled.length, known.getFirst())
              + " ask for more --labels or another --seed");
    }
    int classes = train.set().classes();
    if (known.size() < classes) {
      warn(
          ("the %s labelled rows are of %s of the %s classes, so no row can be recognised as one of"
                  + " the others; ask for more --labels")
              .formatted(labelled.length, known.size(), classes));
    }
  }

  private static void raise(List<float[]> rows, float power) {
    if (power != 1) {
      for (float[] row : rows) {
        for (int i = 0; i < row.length; i++) {
          row[i] = Math.copySign((float) Math.pow(Math.abs(row[i]), power), row[i]);
        }
      }
    }
  }

  private void answer(
      FeatureForm form, FeatureOptions.Given features, int labelled, Accuracy accuracy) {
    int classes = features.classNames().size();
    int images = features.test().set().size();
    boolean five = Accuracy.top(classes) == 5;
    answer(
        compute.json(),
        new ReadOutAnswer(
            accuracy.top1(),
            five ? accuracy.top5() : null,
            kind.toString(),
            features.train().width(),
            labelled,
            images,
            classes,
            seed,
            given.name()),
        String.join(
            System.lineSeparator(),
            Text.format(
                "Test accuracy  %s of %s (guessing would give %s)",
                Text.percent(accuracy.top1()),
                Text.count(images, "image"),
                Text.percent(1.0 / classes)),
            Text.format(
                "Read-out       %s of %s of %s with label: %s",
                kind,
                Text.count(features.train().width(), "feature"),
                Text.count(labelled, "image"),
                form.describe())));
  }

  private void say(String text) {
    err().println(text);
    err().flush();
  }
}
