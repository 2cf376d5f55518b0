package org.fasthebb.tools.tables;

import java.util.OptionalDouble;
import org.fasthebb.models.protocol.PretrainSettings;
import org.fasthebb.models.protocol.ReadOutSettings;
import org.fasthebb.models.protocol.Settings;
import org.fasthebb.tools.console.Text;

/**
 * The work that is left for a table, and how long it will take at the speed so far. The unit of
 * work is a pass of an image forward through the network.
 */
public final class WorkLeft {
  private double left;
  private double done;
  private double seconds;

  /** An estimate without any work. */
  public WorkLeft() {}

  /** Adds work that is to be done. */
  public void add(double work) {
    left += work;
  }

  /** Moves work from what is left to what is done. */
  public void finish(double work, double took) {
    left -= work;
    done += work;
    seconds += took;
  }

  /** The time for what is left, in seconds; empty before anything is done. */
  public OptionalDouble seconds() {
    return done > 0
        ? OptionalDouble.of(Math.max(0, left) * seconds / done)
        : OptionalDouble.empty();
  }

  /** Says what begins, as in "cell 3 of 40: hpca; about 1 h 05 min left for all". */
  public String words(String what, int number, int of, String begins) {
    OptionalDouble time = seconds();
    return "%s %s of %s: %s".formatted(what, number, of, begins)
        + (time.isPresent() ? "; about " + Text.seconds(time.getAsDouble()) + " left for all" : "");
  }

  /**
   * The work of pre-training, of {@code images} training images and those held out. A Hebbian
   * update costs as much as a pass forward; an auto-encoder has two networks, and a pass backward
   * costs two forward.
   */
  public static double ofPretraining(Settings settings, int images) {
    PretrainSettings how = settings.pretrain();
    double validation = settings.validation() * settings.used(images);
    double training = settings.used(images) - validation;
    return how.epochs()
        * switch (how.method().learning()) {
          case HEBBIAN -> 2 * training + validation;
          case AUTO_ENCODER -> 2 * (3 * training + validation);
          case NOTHING -> 0;
        };
  }

  /** The work of learning the labels, and of the test. */
  public static double ofReadOut(Settings settings, int images, int testImages) {
    ReadOutSettings how = settings.readOut();
    double validation = settings.validation() * settings.used(images);
    double training = settings.used(images) - validation;
    double labelled = how.labels() * training;
    int passes = settings.pretrain().method().isFrozen() ? 1 : 3;
    int views = how.form().mirrored() ? 2 : 1;
    return switch (how.readOut()) {
      case FINE_TUNE -> testImages + how.epochs() * (passes * labelled + validation);
      case LINEAR -> views * (testImages + labelled + validation);
      case RIDGE, CENTROIDS, KNN ->
          views
              * (testImages
                  + Math.max(labelled, Math.min(training, how.unlabelled()))
                  + validation);
    };
  }
}
