package org.fasthebb.models.protocol;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.fasthebb.models.data.DataException;
import org.fasthebb.models.data.DataSet;
import org.fasthebb.models.data.ImageSource;
import org.fasthebb.models.inputs.Examples;
import org.fasthebb.models.learn.Progress;

/** Which training images the phases of an experiment see. */
record ReadOutImages(DataSet data, Settings settings, Split split) {
  /** Training images in the split's order, or in the data set's if nothing is held out. */
  Examples of(int... indices) {
    return indices.length == data.train().size()
        ? Examples.all(data.train())
        : new Examples(data.train(), indices);
  }

  /** The images that a read-out of fixed features sees: those held out, and those for training. */
  int[] read() {
    return withValidation(training());
  }

  /**
   * The images that have a row in the file of features.
   *
   * @param forAll whether other experiments share the file, and may be the first to need a row
   */
  Examples rows(boolean forAll) {
    return forAll ? new Examples(data.train(), withValidation(split.train())) : of(read());
  }

  private int[] withValidation(int... images) {
    return IntStream.concat(Arrays.stream(split.validation()), Arrays.stream(images)).toArray();
  }

  /**
   * The training images that a read-out of fixed features sees: those with labels and, in closed
   * form, some without.
   */
  int[] training() {
    ReadOutSettings how = settings.readOut();
    int some = how.readOut().isClosedForm() ? how.unlabelled() : 0;
    int[] order = split.labelOrder();
    return Arrays.copyOf(order, Math.max(split.labelled().length, Math.min(some, order.length)));
  }

  /** Refuses too few labels, and labels of one class alone; warns of classes without any. */
  void checkLabels(Progress progress) {
    int labelled = split.labelled().length;
    if (labelled < 2) {
      throw new DataException(
          ("%s of the %s training images have a label, but learning needs at least 2; ask for more"
                  + " labels")
              .formatted(labelled, split.train().length));
    }
    checkLabelledClasses(progress);
  }

  /** Refuses labels of one class alone, and warns of classes without any: no image can be one. */
  private void checkLabelledClasses(Progress progress) {
    ImageSource train = data.train();
    List<String> missing = new ArrayList<>(train.classNames());
    Arrays.stream(split.labelled())
        .map(train::label)
        .distinct()
        .forEach(label -> missing.set(label, null));
    missing.removeIf(Objects::isNull);
    int known = train.classes() - missing.size();
    String labels =
        "the %s labelled images are of %s of the %s classes"
            .formatted(split.labelled().length, known, train.classes());
    if (known == 1 && train.classes() > 1) {
      throw new DataException(
          labels + ", and learning needs at least 2 classes; ask for more labels or another seed");
    }
    if (!missing.isEmpty()) {
      progress.message(
          "warning: %s, so no image can be recognised as %s; ask for more labels."
              .formatted(labels, ModelFile.few(missing)));
    }
  }
}
