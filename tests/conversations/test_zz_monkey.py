import random, pytest
from tests.conversations.stage import Candidate
TEXTS=["Harlow","Lagos","next Tue 3pm","14.12. 15:00","tomorrow","3pm","yes","Ana Ruiz, head of ops; Tom (engineer)","skip","stop","no","/cancel","/interview","/interview","/start","/practice","/drill","/settings","45 min","😀","end of next week","in ten days","x"*500,"the rota is hard","/export","<b>hi</b>","yesterday 10am","last Friday 9am", "today 11pm"]
@pytest.mark.parametrize("seed", range(14))
async def test_monkey(candidate: Candidate, seed: int) -> None:
    candidate.careless = True
    r = random.Random(seed+100)
    await candidate.arrives()
    await candidate.sends("/interview"); await candidate.sends("Harlow"); await candidate.sends("Lagos"); await candidate.taps("Yes, that's it")
    log=[]
    for _ in range(70):
        k=r.random()
        if k<.62:
            bs=[(b,x) for b in candidate.screen()[-12:] for row in b.buttons for x in row if x.data and not x.data.startswith(("f:","a:x"))]
            if not bs: continue
            b,x=r.choice(bs[-14:] if r.random()<.7 else bs)
            log.append(('tap',x.text,x.data))
            await candidate.taps_data(b.message_id,x.data)
            if r.random()<.15: await candidate.forges(x.data, b.message_id)
        elif k<.88:
            t=r.choice(TEXTS); log.append(('text',t[:30])); await candidate.sends(t)
        else:
            h=r.choice([1,3,20,30,72,100]); log.append(('wait',h)); await candidate.waits(h*3600)
        if any('Something went wrong' in b.text for b in candidate.new):
            raise AssertionError(log[-6:])
    print(seed, log[-3:])
