package org.fasthebb.models.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.fasthebb.models.learn.FineTuning;
import org.fasthebb.models.learn.Schedule;
import org.fasthebb.models.network.VaeLoss;
import org.junit.jupiter.api.Test;

/** What settings are called: files of earlier versions must still be known by it. */
class SettingsTest {
  private static Settings of(Settings.Rule rule, Hyperparameters hyperparameters) {
    return new Settings(
        rule, false, 0.01, VaeLoss.AUTHORS, 0.02, 4, 20, 64, Schedule.CODE, hyperparameters, 7);
  }

  @Test
  void theAuthorsHyperparametersAreNotNamed() {
    String before =
        "data=shapes rule=hpca form=fast zca_epsilon=none epochs=4 batch=64 seed=7 labels=0.02"
            + " fine_tune_epochs=20 schedule=code";
    Settings settings = of(Settings.Rule.HPCA, Hyperparameters.AUTHORS);
    assertEquals(before, settings.fineTuningIdentity("shapes"));
    assertEquals(
        before,
        of(Settings.Rule.HPCA, new Hyperparameters(1e-3f, 0.02f, 1e-3f, 5e-2f, 0.5f))
            .fineTuningIdentity("shapes"));
  }

  @Test
  void othersAreNamedWhereTheyMatter() {
    Hyperparameters others = new Hyperparameters(0.01f, 0.5f, 0.1f, 0, 0.25f);
    assertEquals(
        "data=shapes rule=swta form=fast zca_epsilon=0.01 epochs=4 batch=64 seed=7 eta=0.01"
            + " temperature=0.5 labels=0.02 fine_tune_epochs=20 schedule=code rate=0.1 decay=0.0"
            + " dropout=0.25",
        of(Settings.Rule.SWTA, others).fineTuningIdentity("shapes"));
    assertTrue(of(Settings.Rule.HPCA, others).pretrainingIdentity("shapes").endsWith(" eta=0.01"));
    for (Settings.Rule rule : Settings.Rule.values()) {
      assertEquals(
          rule.isHebbian(), of(rule, others).pretrainingIdentity("shapes").contains("eta="));
    }
  }

  @Test
  void fineTuningTakesThem() {
    FineTuning tuning =
        of(Settings.Rule.NONE, Hyperparameters.AUTHORS.withFineTuning(0.1f, 0, 0.25f)).fineTuning();
    assertEquals(new FineTuning(0.1f, 0.9f, 0, 0.25f, Schedule.CODE), tuning);
    assertEquals(
        FineTuning.cifar10(), of(Settings.Rule.NONE, Hyperparameters.AUTHORS).fineTuning());
  }

  @Test
  void rangesAreChecked() {
    Hyperparameters authors = Hyperparameters.AUTHORS;
    assertThrows(IllegalArgumentException.class, () -> authors.withPretraining(0, 1));
    assertThrows(IllegalArgumentException.class, () -> authors.withPretraining(1, Float.NaN));
    assertThrows(IllegalArgumentException.class, () -> authors.withFineTuning(0, 1, 0.5f));
    assertThrows(IllegalArgumentException.class, () -> authors.withFineTuning(1, -1, 0.5f));
    String message =
        assertThrows(IllegalArgumentException.class, () -> authors.withFineTuning(1, 1, 1))
            .getMessage();
    assertEquals("dropout is 1.0; it must be at least 0 and below 1", message);
  }
}
