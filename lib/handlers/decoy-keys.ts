/**
 * Keys of nobody: an assertion of a client that there is not is verified with one of them, and takes as long as one of a
 * client that there is. Their private parts were never stored.
 */
import type { PublicKey } from "../provisioning/client.ts";

export const decoyKeys: readonly PublicKey[] = [
  {
    kty: "RSA",
    n: "vknGStrdNvcGlwN2GuP3lGvAHqeWPuq452txQl9tr9ba8bnQWWiXLJFPPGfiox_AYSNSfKoU5Mz8GVRdcg-dIuhE9YsSL2i1q1XxFArpq3T257sj2UPqUVi_zPhk41a_iwsZ0J1djjRGHqV9SmtEwiswrV82jEdU9FVoR3t0FERdH4vkqx8HHigKs1hXYraFQ1zY_UqW4okOcmVMnhSR6Ct309iDjrFlDeDZubn8zpiowVDY7yT71qA5hndY_EiDhBbVQUPu7f7nSeBlFB_T4p-KCtzY8rMQtzeYdY2RBPNQoiIsppC8pyDb9gn8y-6E8FU-h5tTnAvvHWVULuQtiQ",
    e: "AQAB",
  },
  {
    kty: "EC",
    x: "VC97797saA0RwVOQf-oVJgXWCNwQzR9gZ7CW-UwmSLo",
    y: "1GVlhac-VlxEGzqz1CPsI_znVEtlQv4Fo-pktwxX3dA",
    crv: "P-256",
  },
  { crv: "Ed25519", x: "WGxB29yO8ORGuh5_EAgivZQGUOxefC2O6hTlVo9EIXM", kty: "OKP" },
];
