package org.fasthebb.tools.report;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.io.Json;
import org.fasthebb.models.learn.Accuracy;
import org.fasthebb.models.learn.History;
import org.fasthebb.models.protocol.Method;
import org.fasthebb.models.protocol.PretrainSettings;
import org.fasthebb.models.protocol.ReadOut;
import org.fasthebb.models.protocol.ReadOutSettings;
import org.fasthebb.models.protocol.Settings;
import org.fasthebb.models.protocol.Version;
import org.fasthebb.tools.console.Machine;
import org.fasthebb.tools.console.Text;

/**
 * The results of a command, for programs: {@code results.json} and {@code --json}. What a command
 * did not do is null, and absent from the JSON.
 *
 * @param testAccuracy on the test images, 0 to 1
 * @param testTop5 the share of the test images whose class is among the five highest scores, if
 *     there are over ten classes
 * @param validationAccuracy of the final model on the validation images, 0 to 1
 * @param rule of pre-training
 * @param form of the rule, if it is Hebbian or none
 * @param vaeLoss what an auto-encoder minimised
 * @param labels part of the training images whose labels were used, over 0 and at most 1
 * @param labelledImages the number of these images
 * @param seed of everything random
 * @param data name of the data set
 * @param dataFingerprint SHA-256 of its images and labels
 * @param classes number of classes
 * @param testImages number of test images
 * @param pretrainSeconds over all parts of an interrupted run
 * @param fineTuneSeconds over all parts of an interrupted run
 * @param epochs of pre-training
 * @param fineTuneEpochs of fine-tuning
 * @param pretrainBestEpoch the epoch whose weights were kept, from 1
 * @param fineTuneBestEpoch the epoch whose weights were kept, from 1
 * @param pretrainValidation accuracy of the Hebbian read-out after each epoch
 * @param pretrainValidationLoss of an auto-encoder after each epoch
 * @param pretrainLoss mean training loss of each epoch of an auto-encoder
 * @param fineTuneValidation accuracy after each epoch
 * @param fineTuneLoss mean training loss of each epoch
 * @param batch images per step
 * @param readOut what learned the labels: finetune (older files: fine_tune) or linear
 * @param schedule of the learning rate of fine-tuning
 * @param threads number of threads
 * @param kernels the kernels that computed, and why they were chosen
 * @param version of this program
 * @param java version of Java
 * @param os operating system
 * @param out the folder with the files
 */
public record Results(
    Double testAccuracy,
    Double testTop5,
    Double validationAccuracy,
    String rule,
    String form,
    String vaeLoss,
    Double labels,
    Integer labelledImages,
    Long seed,
    String data,
    String dataFingerprint,
    int classes,
    Integer testImages,
    Double pretrainSeconds,
    Double fineTuneSeconds,
    Integer epochs,
    Integer fineTuneEpochs,
    Integer pretrainBestEpoch,
    Integer fineTuneBestEpoch,
    List<Double> pretrainValidation,
    List<Double> pretrainValidationLoss,
    List<Double> pretrainLoss,
    List<Double> fineTuneValidation,
    List<Double> fineTuneLoss,
    Integer batch,
    String readOut,
    String schedule,
    int threads,
    String kernels,
    String version,
    String java,
    String os,
    String out) {

  /**
   * The results in a file, if they are of the same data and of the training that has this history;
   * else null. Seconds and losses tell one training from another.
   */
  public static Results find(Path file, Session session, History fineTuning) {
    if (!Files.exists(file)) {
      return null;
    }
    try {
      Results found = Json.read(file, Results.class);
      boolean same =
          found.testAccuracy != null
              && (found.testTop5 != null || Accuracy.top(found.classes) == 1)
              && session.fingerprint().equals(found.dataFingerprint)
              && Objects.equals(fineTuning.seconds(), found.fineTuneSeconds)
              && fineTuning.losses().equals(found.fineTuneLoss);
      return same ? found : null;
    } catch (CheckpointException e) {
      return null; // damaged: they are computed and written again
    }
  }

  /** The accuracy on the test images; its top-5 accuracy is not a number if it was not kept. */
  public Accuracy test() {
    return new Accuracy(testAccuracy, testTop5 == null ? Double.NaN : testTop5);
  }

  /** The results of one or more phases of training. */
  public static Results of(
      Session session, History pretraining, History fineTuning, Accuracy test) {
    Settings settings = session.settings();
    PretrainSettings how = settings.pretrain();
    ReadOutSettings readOut = settings.readOut();
    var data = session.data();
    boolean vae = how.method().learning() == Method.Learning.AUTO_ENCODER;
    boolean tuned = fineTuning != null;
    boolean fineTuned = tuned && readOut.readOut() == ReadOut.FINE_TUNE;
    boolean pretrained = pretraining != null;
    History last = tuned ? fineTuning : pretraining;
    int classes = data.train().classes();
    return new Results(
        test == null ? null : test.top1(),
        test == null || Accuracy.top(classes) == 1 ? null : test.top5(),
        last.epochs() == 0 ? null : last.accuracy(),
        how.method().name(),
        vae ? null : how.naive() ? "naive" : "fast",
        vae ? how.vaeLoss().toString() : null,
        tuned ? readOut.labels() : null,
        tuned ? session.experiment().labelledImages() : null,
        settings.seed(),
        data.name(),
        session.fingerprint(),
        classes,
        data.test().size(),
        pretrained ? pretraining.seconds() : null,
        tuned ? fineTuning.seconds() : null,
        how.epochs(),
        tuned ? readOut.epochs() : null,
        pretrained ? pretraining.bestEpoch() : null,
        tuned ? fineTuning.bestEpoch() : null,
        pretrained && !vae ? pretraining.accuracies() : null,
        pretrained && vae ? pretraining.validationLosses() : null,
        pretrained && vae ? pretraining.losses() : null,
        tuned ? fineTuning.accuracies() : null,
        tuned ? fineTuning.losses() : null,
        how.batch(),
        tuned ? readOut.readOut().toString() : null,
        fineTuned ? Text.name(readOut.schedule()) : null,
        session.backend().threads(),
        session.backend().describe(),
        Version.VERSION,
        Machine.java(),
        Machine.os(),
        session.folder().toString());
  }
}
