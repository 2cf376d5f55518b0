package org.fasthebb.models.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.fasthebb.models.learn.FineTuning;
import org.fasthebb.models.learn.Schedule;
import org.fasthebb.models.network.Architecture;
import org.fasthebb.models.network.VaeLoss;
import org.fasthebb.models.readout.FeatureForm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The text that identifies settings. It must not change, since files of earlier versions contain
 * it.
 */
class SettingsTest {
  private static PretrainSettings pretrain(String method) {
    return PretrainSettings.of(Method.named(method).orElseThrow()).during(4, 64);
  }

  /** These settings with other numbers of a Hebbian rule. */
  private static PretrainSettings with(
      PretrainSettings how, float eta, float temperature, int winners) {
    return new PretrainSettings(
        how.method(),
        how.naive(),
        how.architecture(),
        how.zcaEpsilon(),
        how.vaeLoss(),
        eta,
        temperature,
        winners,
        how.epochs(),
        how.batch());
  }

  private static PretrainSettings with(PretrainSettings how, Architecture architecture) {
    return new PretrainSettings(
        how.method(),
        how.naive(),
        architecture,
        how.zcaEpsilon(),
        how.vaeLoss(),
        how.eta(),
        how.temperature(),
        how.winners(),
        how.epochs(),
        how.batch());
  }

  private static final ReadOutSettings FINE_TUNE =
      ReadOutSettings.of(ReadOut.FINE_TUNE, 0.02, Architecture.small());

  private static ReadOutSettings tuned(float rate, float decay, float dropout) {
    return new ReadOutSettings(
        ReadOut.FINE_TUNE,
        0.02,
        20,
        64,
        Schedule.CODE,
        rate,
        decay,
        dropout,
        FeatureForm.NORMALISED,
        0,
        0);
  }

  private static String identity(PretrainSettings pretrain, ReadOutSettings readOut) {
    return new Settings(pretrain, readOut, 7).identity("shapes");
  }

  private static String pretraining(PretrainSettings pretrain) {
    return new Settings(pretrain, FINE_TUNE, 7).pretrainingIdentity("shapes");
  }

  // ---- as earlier versions wrote them

  @Test
  void theAuthorsHyperparametersAreNotNamed() {
    String before =
        "data=shapes rule=hpca form=fast zca_epsilon=none epochs=4 batch=64 seed=7 labels=0.02"
            + " fine_tune_epochs=20 schedule=code";
    assertEquals(before, identity(pretrain("hpca"), FINE_TUNE));
    PretrainSettings spelledOut = with(pretrain("hpca"), 1e-3f, 0.02f, 5);
    assertEquals(before, identity(spelledOut, tuned(1e-3f, 5e-2f, 0.5f)));
  }

  @Test
  void otherHyperparametersAreNamedWhereTheyMatter() {
    PretrainSettings swta = with(pretrain("swta"), 0.01f, 0.5f, 5);
    assertEquals(
        "data=shapes rule=swta form=fast zca_epsilon=0.01 epochs=4 batch=64 seed=7 eta=0.01"
            + " temperature=0.5 labels=0.02 fine_tune_epochs=20 schedule=code rate=0.1 decay=0.0"
            + " dropout=0.25",
        identity(swta, tuned(0.1f, 0, 0.25f)));
    assertEquals(
        "data=shapes rule=hpca form=fast zca_epsilon=none epochs=4 batch=64 seed=7 eta=0.01",
        pretraining(with(pretrain("hpca"), 0.01f, 0.5f, 9)));
    for (Method method : Method.all()) {
      PretrainSettings others = with(pretrain(method.name()), 0.02f, 0.5f, 9);
      assertEquals(method.isHebbian(), pretraining(others).contains(" eta="), method.name());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "none | rule=none form=fast zca_epsilon=none epochs=0 batch=64 seed=7",
        "frozen | rule=frozen form=fast zca_epsilon=none epochs=0 batch=64 seed=7",
        "supervised | rule=supervised form=fast zca_epsilon=none epochs=0 batch=64 seed=7",
        "vae | rule=vae form=fast zca_epsilon=none epochs=4 batch=64 seed=7 vae_loss=authors",
        "swta | rule=swta form=fast zca_epsilon=0.01 epochs=4 batch=64 seed=7"
      })
  void otherMethods(String method, String expected) {
    assertEquals("data=shapes " + expected, pretraining(pretrain(method)));
  }

  @Test
  void literalFormAndPaperSchedule() {
    ReadOutSettings paper =
        new ReadOutSettings(
            ReadOut.FINE_TUNE,
            1,
            3,
            64,
            Schedule.PAPER,
            1e-3f,
            5e-2f,
            0.5f,
            FeatureForm.NORMALISED,
            0,
            0);
    assertEquals(
        "data=shapes rule=hpca form=naive zca_epsilon=none epochs=4 batch=64 seed=7 labels=1.0"
            + " fine_tune_epochs=3 schedule=paper",
        identity(pretrain("hpca").inNaiveForm(), paper));
    String vae = pretraining(pretrain("vae").inNaiveForm());
    assertEquals(pretraining(pretrain("vae")), vae, "an auto-encoder has one form");
  }

  // ---- names of default folders

  private static List<String> unusual(PretrainSettings pretrain, ReadOutSettings readOut) {
    return new Settings(pretrain, readOut, 7).unusual();
  }

  @Test
  void everySettingThatIsNotTheDefaultIsInTheName() {
    for (Method method : Method.all()) {
      PretrainSettings usual = PretrainSettings.of(method);
      ReadOutSettings readOut = ReadOutSettings.of(method.readOut(), 0.1, Architecture.small());
      assertEquals(List.of(), unusual(usual, readOut), method.name());
      if (method.isPretrained()) {
        PretrainSettings longer = usual.during(usual.epochs() + 1, usual.batch());
        assertEquals(List.of("epochs=" + longer.epochs()), unusual(longer, readOut));
      }
    }
    PretrainSettings hpca = PretrainSettings.of(Method.named("hpca").orElseThrow());
    assertEquals(
        List.of("form=naive", "epochs=0", "batch=16", "rate=0.1"),
        unusual(hpca.during(0, 16).inNaiveForm(), tuned(0.1f, 5e-2f, 0.5f).during(20, 16)));
    ReadOutSettings linear = ReadOutSettings.of(ReadOut.LINEAR, 1, Architecture.small());
    assertEquals(List.of("read-out=linear"), unusual(hpca, linear));
    assertEquals(
        List.of("schedule=paper", "eta=0.5", "validation=0.0"),
        new Settings(
                with(hpca, 0.5f, 0.02f, 5),
                new ReadOutSettings(
                    ReadOut.FINE_TUNE,
                    1,
                    20,
                    64,
                    Schedule.PAPER,
                    1e-3f,
                    5e-2f,
                    0.5f,
                    FeatureForm.NORMALISED,
                    0,
                    0),
                0,
                7)
            .unusual());
    assertEquals(
        List.of("epochs=0"),
        new Settings(hpca.during(0, 64), tuned(0.1f, 0, 0), 7).unusualPretraining());
  }

  // ---- what earlier versions did not have

  @Test
  void softHebb() {
    PretrainSettings softHebb = PretrainSettings.of(Method.named("softhebb").orElseThrow());
    ReadOutSettings readOut = ReadOutSettings.of(ReadOut.LINEAR, 1, Architecture.small());
    assertEquals(
        "data=shapes rule=softhebb form=fast zca_epsilon=none epochs=1 batch=10 seed=7 labels=1.0"
            + " read_out=linear read_out_epochs=50 read_out_batch=64 normalised",
        identity(softHebb, readOut));
    ReadOutSettings raw =
        new ReadOutSettings(
            ReadOut.LINEAR,
            1,
            50,
            10,
            Schedule.CODE,
            1e-3f,
            5e-2f,
            0.5f,
            FeatureForm.of("mirrored"),
            0,
            0);
    assertEquals(
        pretraining(softHebb) + " labels=1.0 read_out=linear read_out_epochs=50 mirrored",
        identity(softHebb, raw));
    assertFalse(pretraining(softHebb).contains("eta"), "1 is its usual rate");
  }

  /** In the network for ImageNet its own defaults are usual: only its name is not. */
  @Test
  void theNetworkForImageNet() {
    Architecture network = Architecture.imagenet();
    ReadOutSettings readOut = ReadOutSettings.of(ReadOut.FINE_TUNE, 0.01, network);
    PretrainSettings hpca = PretrainSettings.of(Method.named("hpca").orElseThrow(), network);
    assertEquals(
        "data=shapes rule=hpca form=fast zca_epsilon=none epochs=4 batch=32 seed=7"
            + " architecture=imagenet labels=0.01 fine_tune_epochs=20 schedule=code",
        identity(hpca, readOut));
    assertEquals(List.of("architecture=imagenet"), unusual(hpca, readOut));
    assertEquals(1e-3f, readOut.decay());
    assertEquals(1e-4f, hpca.eta());
    PretrainSettings faster = with(hpca, 1e-3f, 0.02f, 5);
    ReadOutSettings cifar =
        new ReadOutSettings(
            ReadOut.FINE_TUNE,
            0.01,
            20,
            32,
            Schedule.CODE,
            1e-3f,
            5e-2f,
            0.5f,
            FeatureForm.NORMALISED,
            0,
            0);
    assertEquals(
        List.of("eta=0.001", "architecture=imagenet", "decay=0.05"), unusual(faster, cifar));
    assertEquals(hpca, PretrainSettings.of(hpca.metadata()));
    for (String rule : new String[] {"swta", "hard-wta", "k-wta"}) {
      PretrainSettings wta = PretrainSettings.of(Method.named(rule).orElseThrow(), network);
      assertEquals(1e-3f, wta.eta(), rule);
    }
  }

  @Test
  void everyOtherSettingIsNamedIfItIsNotTheDefault() {
    PretrainSettings kWta = pretrain("k-wta");
    String usual = pretraining(kWta);
    assertEquals(usual, pretraining(with(kWta, kWta.eta(), 0.5f, 5)), "it has no temperature");
    assertEquals(usual + " winners=9", pretraining(with(kWta, kWta.eta(), 0.02f, 9)));
    assertFalse(pretraining(with(pretrain("hard-wta"), 1e-3f, 1, 9)).contains("winners"));
    PretrainSettings moved = with(pretrain("hpca"), Architecture.softHebb());
    assertEquals(pretraining(pretrain("hpca")) + " architecture=softhebb", pretraining(moved));
    String quarter = new Settings(pretrain("hpca"), FINE_TUNE, 0.25, 7).identity("shapes");
    assertEquals(
        pretraining(pretrain("hpca"))
            + " validation=0.25 labels=0.02 fine_tune_epochs=20 schedule=code",
        quarter);
    String other = identity(pretrain("hpca"), FINE_TUNE.during(20, 32));
    assertEquals(identity(pretrain("hpca"), FINE_TUNE) + " read_out_batch=32", other);
  }

  @Test
  void metadataHasAllSettings() {
    for (Method method : Method.all()) {
      PretrainSettings others =
          new PretrainSettings(
              method,
              true,
              Architecture.softHebb(),
              method.inputs() == Method.Inputs.WHITENED ? 0.5 : 0.01,
              VaeLoss.ELBO,
              0.25f,
              0.125f,
              3,
              2,
              17);
      PretrainSettings read = PretrainSettings.of(others.metadata());
      assertEquals(method.learning() != Method.Learning.AUTO_ENCODER, read.naive(), method.name());
      assertEquals(others, read.naive() ? read : read.inNaiveForm());
    }
    assertThrows(
        IllegalArgumentException.class, () -> PretrainSettings.of(Map.of("rule", "magic")));
    assertThrows(IllegalArgumentException.class, () -> PretrainSettings.of(Map.of()));
    assertThrows(
        IllegalArgumentException.class,
        () -> PretrainSettings.of(Map.of("rule", "hpca", "architecture", "large")));
  }

  @Test
  void fineTuningHasTheSameValues() {
    assertEquals(
        new FineTuning(0.1f, 0.9f, 0, 0.25f, Schedule.CODE), tuned(0.1f, 0, 0.25f).fineTuning());
    assertEquals(FineTuning.cifar10(), FINE_TUNE.fineTuning());
  }

  // ---- ranges

  private static void refused(String sentence, Executable what) {
    assertEquals(sentence, assertThrows(IllegalArgumentException.class, what).getMessage());
  }

  @Test
  void rangesOfPretraining() {
    PretrainSettings hpca = pretrain("hpca");
    refused("eta is 0.0; it must be over 0", () -> with(hpca, 0, 1, 1));
    refused("eta is NaN; it must be over 0", () -> with(hpca, Float.NaN, 1, 1));
    refused("temperature is NaN; it must be over 0", () -> with(hpca, 1, Float.NaN, 1));
    refused("winners is 0; it must be at least 1", () -> with(hpca, 1, 1, 0));
    refused("batch is 1; it must be at least 2", () -> hpca.during(1, 1));
    refused("epochs is -1; it must be at least 0", () -> hpca.during(-1, 2));
    refused(
        "zcaEpsilon is 0.0; it must be over 0",
        () ->
            new PretrainSettings(
                hpca.method(), false, hpca.architecture(), 0, VaeLoss.ELBO, 1, 1, 1, 1, 2));
  }

  @Test
  void rangesOfReadOuts() {
    refused("rate is 0.0; it must be over 0", () -> tuned(0, 1, 0.5f));
    refused("decay is -1.0; it must be at least 0", () -> tuned(1, -1, 0.5f));
    refused("dropout is 1.0; it must be at least 0 and below 1", () -> tuned(1, 1, 1));
    refused("dropout is NaN; it must be at least 0 and below 1", () -> tuned(1, 1, Float.NaN));
    refused("batch is 1; it must be at least 2", () -> FINE_TUNE.during(1, 1));
    refused("epochs is -1; it must be at least 0", () -> FINE_TUNE.during(-1, 2));
    refused(
        "validation is 1.0; it must be at least 0 and below 1",
        () -> new Settings(pretrain("hpca"), FINE_TUNE, 1, 0));
    refused(
        "validation is -0.1; it must be at least 0 and below 1",
        () -> new Settings(pretrain("hpca"), FINE_TUNE, -0.1, 0));
  }
}
