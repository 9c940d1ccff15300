// The patch that the tests of src/patch read: one of each thing that a patch may say.

/** A patch without a mistake. */
export const sketch = `{ "$schema": "../docs/patch.schema.json", "amp": 1, "name": "Glass pad", "tempo": 96, "meter": "4/4",
  // Voices.
  "nodes": {
    "keys": { "type": "keys", "voices": 16, "channel": 1 },
    "saw":  { "type": "saw" },
    "env":  { "type": "adsr", "attack": "5 ms", "release": "400 ms" },
    "low":  { "type": "svf", "cutoff": 900, "resonance": 0.3 },
    "vca":  { "type": "gain", "gain": 0 },
    "echo": { "type": "mix" },
    "out":  { "type": "output" } },
  "edges": [
    { "from": "keys.freq", "to": "saw.freq" }, { "from": "keys.gate", "to": "env.gate" },
    { "from": "saw", "to": "low" }, { "from": "low", "to": "vca" },
    { "from": "env", "to": "vca.gain" },
    { "from": "vca", "to": "echo" },
    { "from": "echo", "to": "echo", "delay": "3/16", "gain": 0.5 },
    { "id": "wet", "from": "echo", "to": "out" }, ],
  "controls": [
    { "from": "midi:cc/74", "to": "low.cutoff", "range": [80, 8000], "curve": "exp", "slew": { "rate": 20000 } },
    { "from": "osc:/pad/cutoff", "to": "low.cutoff", "range": [80, 8000], "curve": "exp" } ],
  "gates": { "drop": { "members": ["wet"], "while_closed": "hold", "quantize": "1 bar",
             "controls": ["midi:note/36", "osc:/gate/drop", "key:g"] } },
  "thermal": { "ambient": 25, "warm": 55, "limit": 80 }, "schedule": "ipls" }
`;
