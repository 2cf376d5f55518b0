package org.fasthebb.tools.tables;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.fasthebb.models.network.Architecture;
import org.fasthebb.models.protocol.Method;
import org.fasthebb.models.protocol.PretrainSettings;
import org.fasthebb.models.protocol.ReadOut;
import org.fasthebb.models.protocol.ReadOutSettings;
import org.fasthebb.models.protocol.Settings;
import org.junit.jupiter.api.Test;

class WorkLeftTest {
  private static Settings settings(String method, double labels) {
    Method known = Method.named(method).orElseThrow();
    return new Settings(
        PretrainSettings.of(known).during(20, 64),
        ReadOutSettings.of(known.readOut(), labels, Architecture.small()).during(10, 64),
        0.2,
        0);
  }

  @Test
  void theTimeLeftFollowsTheSpeedSoFar() {
    WorkLeft left = new WorkLeft();
    left.add(100);
    left.add(300);
    assertEquals("cell 1 of 2: hpca", left.words("cell", 1, 2, "hpca"), "nothing is known yet");
    left.finish(100, 50);
    assertEquals(150, left.seconds().orElseThrow());
    assertEquals(
        "cell 2 of 2: swta; about 2 min 30 s left for all", left.words("cell", 2, 2, "swta"));
    left.finish(300, 950);
    assertEquals(0, left.seconds().orElseThrow());
  }

  /** In passes forward, of 800 training and 200 validation images. */
  @Test
  void theWorkOfACell() {
    assertEquals(20 * (2 * 800 + 200), WorkLeft.ofPretraining(settings("hpca", 1), 1000));
    assertEquals(20 * 2 * (3 * 800 + 200), WorkLeft.ofPretraining(settings("vae", 1), 1000));
    assertEquals(0, WorkLeft.ofPretraining(settings("none", 1), 1000));
    assertEquals(10 * (3 * 80 + 200) + 50, WorkLeft.ofReadOut(settings("hpca", 0.1), 1000, 50));
    assertEquals(10 * (80 + 200) + 50, WorkLeft.ofReadOut(settings("frozen", 0.1), 1000, 50));
    assertEquals(ReadOut.LINEAR, settings("softhebb", 0.1).readOut().readOut());
    assertEquals(80 + 200 + 50, WorkLeft.ofReadOut(settings("softhebb", 0.1), 1000, 50));
    Settings linear = settings("softhebb", 0.1);
    ReadOutSettings ridge = ReadOutSettings.of(ReadOut.RIDGE, 0.1, Architecture.softHebb());
    Settings closed = new Settings(linear.pretrain(), ridge, 0.2, 0);
    assertEquals(2 * (800 + 200 + 50), WorkLeft.ofReadOut(closed, 1000, 50), "with mirror images");
    assertEquals(2 * (10_000 + 20_000 + 50), WorkLeft.ofReadOut(closed, 100_000, 50));
  }

  @Test
  void imagesThatTheAuthorsLeaveUnusedAreNoWork() {
    Settings all = settings("hpca", 1);
    Settings some = new Settings(all.pretrain(), all.readOut(), 0.2, 500, 0);
    assertEquals(20 * (2 * 400 + 100), WorkLeft.ofPretraining(some, 1000));
  }
}
