package org.fasthebb.models.distributed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The model of scale against figures that were worked out by hand from the same measurements. */
class ScaleModelTest {
  @Test
  void bytesOfTheTenLayerNetwork() {
    assertEquals(17.5, ScaleModel.convolutionSums() * 4e-6, 0.1, "MB of sums of convolutions");
  }

  @Test
  void thePapersBatchEndsNearEightMachines() {
    assertEquals(1, new ScaleModel(1, 32).speedUp());
    double eight = new ScaleModel(8, 32).speedUp();
    assertEquals(2.8, eight, 0.15);
    double sixteen = new ScaleModel(16, 32).speedUp();
    double most = new ScaleModel(32, 32).speedUp();
    assertTrue(sixteen < 1.15 * eight && most < 1.15 * eight, sixteen + " and " + most);
  }

  @Test
  void sixtyFourMachinesWithTheirOwnThirtyTwoImages() {
    ScaleModel model = new ScaleModel(64, 64 * 32);
    assertEquals(0.152, model.convolutions(), 0.005);
    assertEquals(0.08, model.connected(), 0.005);
    assertEquals(0.034, model.gather(), 0.005);
    assertEquals(0.031, model.merge(), 0.005);
    double inputs = 2048 * 4608 * 4e-6;
    assertEquals(63 / 64.0 * (inputs + 2 * 17.5), model.bytes() * 1e-6, 0.5, "MB sent");
    assertEquals(7000, model.imagesPerSecond(), 400);
    assertEquals(0.52, model.efficiency(), 0.03);
  }
}
