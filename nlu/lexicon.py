# ruff: noqa: E501
"""Words that may tell of danger, beyond the fixed phrases of the indicators. Data only; read by `nlu.phrase_lines`.

How a line is written: words, `a/b` for either word, `{class}` for any word of `CLASSES`. Inflections, typing mistakes
and small words in between are taken care of. `~N` at the end lets N more words stand between (2 if three or more
words are given, else none).

Made up for this project and not yet reviewed. Lines under `OTHER_LANGUAGES` must be reviewed by someone who speaks
the language before an area relies on them.
"""

from __future__ import annotations

from collections.abc import Mapping

CLASSES: Mapping[str, str] = {
    "{adult}": "dad daddy father mum mam mom ma mother mummy mammy parent partner boyfriend girlfriend husband hubby "
    "wife ex fella bloke man woman guy uncle aunt auntie nan nana gran granny grandad grandma grandpa grandfather "
    "grandmother grandparent carer carers babysitter childminder nanny lodger neighbour coach teacher tutor imam "
    "priest pastor vicar family inlaw inlaws missus adult stepdad stepmum stepmom stepfather stepmother stepparent "
    "baba abbu abu ammi papa landlord keyworker tata mama relative da missis fiance",
    "{pron}": "he she they someone somebody people who dey another",
    "{child}": "son daughter child kid toddler baby boy girl teen teenager lad lass bairn wean pupil student grandson "
    "granddaughter grandchild nephew niece newborn infant twin stepson stepdaughter youngest eldest oldest dd ds dc lo "
    "preschooler yo bubba year",
    "{sib}": "brother sister bro sis sibling cousin stepbrother stepsister",
    "{obj}": "me us him her them myself each other",
    "{friend}": "friend mate bestie bezzie",
    "{self}": "me us",
    "{kidobj}": "him her them",
    "{hit}": "hit slap punch smack batter beat belt thump clout wallop whip thrash clobber bray lamp leather headbutt "
    "deck thwack cane wack whack kick clatter bash nut dig backhand twat chin brayed smacks clips knock pummel stamp",
    "{grip}": "threaten strangle choke throttle suffocate stab shove grab drag pin burn scald bite scratch shake push throw "
    "attack assault hurt abuse torture harm poison smother drown yank chuck lob spit injure molest manhandle",
    "{fear}": "scared afraid frightened terrified petrified scare frighten terrify fear shook unsafe",
    "{sexact}": "touch grope molest rape finger kiss fondle abuse assault",
    "{weapon}": "knife blade machete gun shank axe hammer bat acid hatchet sword rambo weapon zombie crowbar screwdriver "
    "pistol firearm shotgun cleaver razor knuckleduster nank petrol",
    "{drug}": "crack heroin coke cocaine weed cannabis spice ket ketamine drug skag smack gear pills mdma meth food bits "
    "pregabs xanax xans bud bag wraps rocks",
    "{staff}": "teacher coach carer tutor childminder nursery priest imam pastor vicar headteacher driver keyworker "
    "worker scout volunteer youthworker instructor nanny escort midday lecturer support staff trainer assistant",
    "{partner}": "partner boyfriend husband hubby ex fella bloke wife girlfriend he man missus fiance they",
    "{parent}": "mum mam mom mummy mammy dad daddy father mother parent stepdad stepmum ma da stepfather stepmother nan "
    "gran grandma grandad",
}
GROUPS: Mapping[str, str] = {
    "{who}": "{adult} {pron}",
    "{whom}": "{obj} {adult} {child} {sib} {friend}",
    "{anyone}": "{adult} {pron} {child} {sib} {friend}",
    "{kid}": "{child} {sib} {kidobj}",
    "{family}": "{adult} {child} {sib}",
    "{harm}": "{hit} {grip} {fear}",
}

FREE = (
    "a an the my our your his their her its this that these those be have do get really just always keep still even "
    "ever actually literally so very proper properly well quite also then now again often sometimes constantly usually "
    "fucking fuckin bloody flipping effing little big older younger wee own poor step foster grand will would might may "
    "can could to try start had been going go well only pretty totally completely properly already too repeatedly "
    "regularly physically verbally basically kinda sorta"
)
DETERMINERS = "a an the my our your his their this that"
AUXILIARIES = "be to of"
LINK_WORDS = (
    "a an the and or to for of in on at with by from it is has have be get do go so this that because when if while i my "
    "his her their who what all every as than into about up out"
)
COMMON = (
    "me him her them us he she they i you we no not dont cant wont isnt hasnt never want make take tell say know come find "
    "keep give see like leave home today now one thing something someone really there here where how can will would just let "
    "look look use need call ask put show send turn talk work day time week month year old new {pron} {obj} {who} {whom} "
    "{anyone} {num} {self} {kidobj} {kid} {partner}"
)
ACRONYMS = (
    "nai fii cse cce csa fgm fgmpo fmpo fmu hsb capva apva cpv marac idva dash nfs dva ipv ccb lado sudi suid sids sudic "
    "mfh misper rhi nrm ictg uasc mpaup dsr cetr laep ctr cetr dsh ctb kys kms sarc wnb gcp gcp2 nrpf pmi psm calfb hba hbv "
    "izzat ot sgii ceop awol sti stds eruk isf muu lagos"
)
NEGATORS = "dont isnt wont hasnt not never"
BETWEEN_NEGATOR_AND_VERB = "ever actually really physically even be get have to"

SHORTHAND: Mapping[str, str] = {
    short: long
    for pair in """
    hes=he;shes=she;theyre=they;theyve=they;theyll=they;theyd=they;ive=i;im=i;youre=you;youve=you;weve=we;u=you;ur=your
    yr=year;yrs=years;r=are;cos=because;coz=because;cuz=because;bc=because;wanna=want to;gonna=going to;gunna=going to
    w=with;gotta=got to;lemme=let me;gimme=give me;dnt=dont;dont=dont;doesnt=dont;didnt=dont;dosent=dont;dosnt=dont;doesent=dont
    didint=dont;wouldnt=wont;couldnt=cant;cannot=cant;cnt=cant;arent=isnt;aint=isnt;wasnt=isnt;werent=isnt;hasnt=hasnt
    havent=hasnt;hadnt=hasnt;avent=hasnt;no1=no one;noone=no one;nobody=no one;sum1=someone;some1=someone;smone=someone
    b4=before;m8=mate;m8s=mates;l8=late;2day=today;2nite=tonight;tonite=tonight;2night=tonight;2moro=tomorrow
    tmrw=tomorrow;tmw=tomorrow;tomoz=tomorrow;tomo=tomorrow;plz=please;pls=please;plse=please;thx=thanks;bf=boyfriend
    gf=girlfriend;hubs=husband;abt=about;rn=right now;idk=i dont know;dunno=dont know;iwtd=i want to die
    sewerslide=suicide;sui=suicide;toaster=toaster;seggs=sex;hlp=help;hepl=help;halp=help;wiv=with;wid=with;wi=with
    dis=this;dat=that;dem=them;tha=the;me=me;mi=me;meh=me;im=i;iam=i;summat=something;sumthing=something
    owt=anything;nowt=nothing;mam=mum;mom=mum;mams=mums;moms=mums;mummys=mums;sed=said;bin=been;woz=was;wuz=was
    ova=over;luv=love;hav=have;av=have;gt=got;gettin=getting;hittin=hitting;beatin=beating;kickin=kicking
    screamin=screaming;shoutin=shouting;cuttin=cutting;touchin=touching;fuckin=fucking;killin=killing;talkin=talking
    txt=text;msg=message;msgs=messages;pics=pictures;pic=picture;photos=pictures;photo=picture;vids=videos;vid=video
    insta=instagram;snap=snapchat;sc=snapchat;paras=paracetamol;para=paracetamol;tabs=tablets;meds=tablets
    preg=pregnant;preggers=pregnant;preggo=pregnant;prego=pregnant;bby=baby;bubs=baby;lil=little;hosp=hospital;neva=never
    ovadose=overdose;odd=odd;kil=kill;nite=night;nites=nights;xs=x;yday=yesterday;parterner=partner
    strangld=strangled;rapd=raped;brusies=bruises;brusie=bruise;buises=bruises;hert=hurt;hrt=hurt;hurtin=hurting
    scard=scared;skared=scared;scrd=scared;scarred=scared scarred;fone=phone;polis=police;feds=police
    bobbies=police;ambo=ambulance;ambulence=ambulance;bleedin=bleeding;payed=paid;sumtimes=sometimes;evry=every;evryday=every day
    everyday=every day;everynight=every night;alot=lot;lads=lad;lasses=lass;dadz=dad;mumz=mum;thier=their;there=there
    untill=until;childrens=children;chidren=children;childern=children;kidz=kids;doughter=daughter;dauther=daughter
    recked=wrecked;wen=when;wat=what;wot=what;wud=would;cud=could;shud=should;cudnt=cant;wudnt=wont;wont=wont;dint=dont
    deid=dead;weans=wean;youse=you;yous=you;ye=you;ya=you;hame=home;oot=out;doon=down;hoose=house;gan=going
    inlaws=family;selfharm=self harm;selfharming=self harm;selfharmed=self harm;blackmailed=blackmail
    stepdads=stepdad;noncing=nonce;paedo=paedophile;pedo=paedophile;peado=paedophile;pedophile=paedophile
    """.replace("\n", ";").split(";")
    if "=" in pair
    for short, long in [pair.strip().split("=")]
}
EITHER: Mapping[str, str] = {
    "ill": "i", "shed": "she", "hell": "he", "id": "i", "hed": "he", "its": "it", "were": "we", "wed": "we", "well": "we",
    "ma": "mum", "da": "dad", "scarred": "scared", "mums": "mum", "ex": "partner", "your": "you", "smack": "hit",
}  # fmt: skip

WEAK: Mapping[str, str] = {
    "physical_abuse": "hits=advice;beat=advice;slapped=same_day;bruises=same_day;shakes=advice;gets physical=same_day;"
    "leaves marks=same_day;physical chastisement=immediate;inconsistent explanation=same_day",
    "emotional_abuse": "hates me=same_day;rejection=advice;blames him for everything=same_day",
    "sexual_abuse": "touched her=immediate;touches me=immediate;made to do things=same_day;I was made to=same_day;"
    "weird with me=same_day;inappropriate with=same_day;he comes in my room=same_day;intra-familial=same_day;"
    "not right around children=immediate",
    "neglect": "no bed=same_day;persistent absence=same_day;GCP2=same_day",
    "domestic_abuse": "my partner=advice;the kids saw=advice;DASH=advice;gets angry when he drinks=immediate;"
    "they fight all the time=same_day;police came again=same_day;DVA=immediate",
    "coercive_control": "not allowed out=same_day;have to ask permission=same_day;tracks where I am=same_day;"
    "checks my phone=same_day;goes through my phone=same_day;stalking=same_day",
    "domestic_abuse_pregnancy": "pregnant and he=advice;pre-birth=same_day",
    "child_sexual_exploitation": "older boyfriend=same_day;older men=same_day;new phone=advice;hotel=advice;he's older=advice;"
    "owe him=advice;party at his=advice;he buys me stuff=same_day;comes home at all hours=same_day;NRM=same_day;"
    "picked up in cars=immediate;older associates=same_day;contextual safeguarding=same_day",
    "child_criminal_exploitation": "gang=same_day;train tickets=advice;two phones=same_day;in debt=advice;going country=same_day;"
    "going OT=same_day;came home with cash=same_day;plugging=same_day;linked with some olders=immediate;NRM=same_day;"
    "trapping=same_day;serious youth violence=same_day;bando=same_day",
    "online_harm_grooming": "met someone online=same_day;moved to another app=advice;they want to meet up=same_day;"
    "they said don't tell=same_day",
    "sextortion": "they screenshotted=same_day;blackmail=same_day;send to my followers=same_day;leaked pictures=same_day",
    "fgm": "special ceremony=advice;becoming a woman=advice;type 1=advice;known case=advice;being cut=same_day;"
    "going back home for a celebration=same_day;mandatory report=same_day",
    "forced_marriage": "FM=advice;engaged to a cousin=same_day;don't want to go abroad with them=same_day",
    "honour_based_abuse": "not allowed to see boys=same_day;multiple perpetrators=same_day;they're watching me=immediate",
    "faith_belief_abuse": "possessed=advice;witch=advice;cast out=advice",
    "radicalisation": "Prevent=advice;Channel=advice;manifesto=advice;they're right what they did=advice;incels=same_day;"
    "talks about hurting people=same_day",
    "modern_slavery_trafficking": "not allowed out=same_day;no papers=same_day;not allowed to leave work=same_day;NRM=same_day",
    "missing_child": "absent=advice;sofa surfing=same_day;not going home=same_day;been gone since=same_day;can't find her=same_day;"
    "CME if education=advice;RHI=same_day;not at school and not home=emergency",
    "child_self_harm_suicide": "cutting=advice;sh=advice;relapsed=advice;end it=same_day;won't be here=same_day;"
    "goodbye message=immediate;CAMHS crisis=immediate",
    "parent_suicide_crisis": "postnatal=advice;not slept for days=same_day;I found a note=same_day;PMI=advice;"
    "MHA assessment=same_day",
    "parental_substance_misuse": "he's on something=same_day;using again=same_day;I have to put her to bed=same_day",
    "concealed_pregnancy_unborn": "can't tell my mum=advice;unborn=advice;pre-birth=same_day;late booking=same_day",
    "private_fostering": "staying with a family friend=same_day;host family=advice",
    "harmful_sexual_behaviour": "brother and sister=advice;AIM=advice",
    "child_left_alone": "home alone=same_day;unsupervised=same_day;s46=immediate;home alone with my brother=immediate",
    "no_food_heat_home_tonight": "s20=advice;evicted today=same_day;kicked out=same_day",
    "abduction": "abduction=immediate;going to take them abroad=emergency;taken the kids=same_day",
    "weapon": "gun=same_day;acid=advice;carrying=advice;strapped=advice;beef=advice;opps=same_day;threatened with=same_day;"
    "knife crime=same_day;serious youth violence=same_day",
    "allegation_professional": "teacher=advice;carer=advice;nursery worker=advice;football coach=advice;taxi driver to school=advice;"
    "social worker did=advice;POT=advice;low-level concern=same_day;my teacher messages me=immediate;"
    "coach is weird with me=immediate",
    "adult_at_risk": "s42=same_day",
    "mental_health_admission_risk": "LAEP=same_day",
    "harassment_stalking_home": "windows smashed=same_day",
    "bullying": "they all hate me=same_day",
    "death_of_child": "has died=same_day;cardiac arrest=emergency;rapid review=same_day;SUDI=emergency",
    "perpetrator_self_report": "I hurt him=immediate;self-disclosure=advice;risk to children=same_day",
}
"""Phrases of the indicators too bare to raise an alert by themselves, each with what it gives alone. One given the
indicator's own urgency alone is listed for clearness only."""

PHRASES: Mapping[str, Mapping[str, str]] = {
    "physical_abuse": {
        "strong": """
            {who} {hit} {whom}
            {who} {grip} {whom}
            {who} drunk and {hit}/{grip} {whom} ~3
            {who} drunk {hit}/{grip} {whom} ~3
            beat/beats/beets/batter me up ~0
            saw/see/seen him/her/dad/mum/them/someone {hit} {child}/{kid} ~2
            cushion/pillow/hand/bag over face/mouth/head ~2
            hand/face/head on/in hob/oven/iron/toilet/bath/water ~3
            beat devil/demon out ~2
            {who} go mad/mental/ballistic/crazy if/when ~0
            strat discussion
            {child}/{sib} get/got/been {hit} by {adult}
            {hit}/{grip} by {adult}/{parent}
            {hit}/{grip} me/us
            {who} raise hand to {kid}
            {who} lay hand on {whom}
            {who} put hand on {whom}
            {who} hand on/round/around/over/across {whom}
            {who} take belt/slipper/stick/cable/strap/wire/hanger to {whom}
            {hit} {whom} with belt/slipper/stick/cable/strap/wire/hanger/spoon/chappal/shoe
            get the belt/slipper/strap/stick/chappal ~1
            gives me/him/her/us hiding/pasting/leathering/battering/belting/hammering ~2
            good hiding
            mum/dad/stepdad/he/she batter/brays/leathers/lamps me
            black eye
            cigarette burn
            burn marks/mark on
            hand/finger/belt/bite/grip mark on
            hand/finger/belt/bite mark
            bruise on arms/back/legs/face/neck/ears/thighs/cheek/bottom/bum ~2
            bruise all over
            covered in bruises/marks ~1
            bruises he/she cant explain ~1
            wont say how/where he/she got bruise/mark ~3
            cover/hide bruises/marks ~1
            bruise/mark wont say how/where ~3
            flinch when/whenever/every ~2
            flinch ~0
            scared/afraid/frightened/terrified/petrified of dad/mum/stepdad/stepmum/him/parents/father/mother ~1
            scared/afraid/frightened/terrified/dread/dont/doesnt want go home ~2
            scared/afraid/frightened what dad/mum/stepdad/he/she/they ~0
            scared/afraid/frightened what i might/could/do ~0
            scared/afraid what do to them/him/her/kids/baby ~4
            dont/not feel safe at home/dads/mums ~2
            dont/not feel safe with dad/mum/stepdad/him/her ~2
            not safe at home
            isnt safe here/home
            broke my/her/his arm/nose/rib/wrist/jaw ~1
            lost it with kids/baby/him/her ~2
            loses it with me/us/kids ~2
            dad/stepdad/he go/goes too far ~1
            holds me down
            NAI
            ?FII
            query nai/fii
            s47
            fracture unexplained/query ~2
            unexplained injury/injuries/fracture/mark ~1
            spiral fracture
            ?safeguarding bruise
            injury/bruise not consistent with ~2
            injury inconsistent with ~3
            disclosed dad/mum/stepdad/father/mother/carer hit/hurt/slap/punch/kick ~3
            disclosed being hit/hurt/smacked/slapped/punched/beaten ~3
            fii perplexing
            force feed
            locks me/him/her in the cupboard/shed/cellar/room/bedroom/garage ~2
            ties him/her/me to bed/chair ~2
            i dont/cant want dad/mum to hit/hurt ~3
            please stop him/her/them hurting/hitting ~1
            slapped him/her/me across/round face/head/legs ~1
            kicks off and hurts/hits ~2
            {who} be violent
            {who} get violent
            violent to/towards/with {whom}
            violent at home
            {who} threw/throw/chuck plate/mug/chair/remote/bottle/things at {whom} ~2
            threw/chucked me/him/her down/across/against stairs/wall/room/door ~2
            grabbed me/him/her by neck/throat/hair/arm ~2
            cracked ribs
            clip round ear
            smacks kids/him/her/me hard ~3
            our lad/lass/bairn get belted/battered/brayed/hammered ~2
            me/my mam/mum/dad belts/brays/batters us/me ~2
            screaming and smacking/thuds/banging next door ~3
            hear/heard child/kid/baby screaming/crying and smack/bang/hit/thump ~4
        """,
        "same_day": """
            {hit}/{grip} {whom} ~0
            {anyone} {hit} {whom} ~2
            saw/see/seen/heard {anyone} {hit}/{grip} ~3
            {fear} of him/her/them/dad/mum ~0
            {weapon} in face/outside/house ~1
            things smashing ~0
            shouting/screaming kids/baby/child cry ~6
            strat discussion/meeting ~0
            hes/shes/dad/mum/stepdad got temper ~2
            quick with hands
            handy with fists
            heavy handed
            bit rough with ~1
            rough with kids/baby/him/her/me ~1
            he/she/dad/mum dont know own strength ~2
            only when he/she drinks/drunk ~1
            only when had a drink ~2
            takes it out on me/kids/us/him/her ~1
            clumsy he/she says
            always got bruises/marks ~1
            weird/odd/strange/funny bruise/mark
            bruise/mark/bruising/bruised on {child} ~3
            {child}/{sib}/her/his/mum arm/face/leg/back/eye bruise/mark/bruised ~3
            long sleeves in summer/heat
            long sleeves/jumper even hot ~3
            {fear} of {adult}
            {who} scare/frighten me/us/kids
            kids/children/daughter/son scared/frightened of ~1
            used to hit/beat/batter/punch/strangle ~2
            be/get smacked/slapped at home ~2
            smack my/his/her son/daughter/child/kid ~1
            hurt at home
            hands on me/kids/her/him
            wont let me see/change nappy/clothes bruise ~3
            hit him/her
            pe kit wont change ~3
            wont get changed for pe ~2
            lost my temper with ~1
            bad temper
            snapped at and grabbed ~2
            domestic violence/abuse in past/childhood
        """,
        "faint": "violent;violence;injury;punched;kicked;strangled;assaulted;beating",
    },
    "emotional_abuse": {
        "strong": """
            tells me/him/her worthless/useless/stupid/fat/ugly/mistake ~4
            calls me/him/her worthless/useless/stupid/fat/ugly/names/mistake/slag/retard ~4
            wish/wishes i/he/she was/were never/not born ~2
            wish i was never born
            wish had an abortion ~2
            never wanted me/him/her ~1
            dont love me ~1
            loves my brother/sister more/not me ~3
            scream in my/his/her face ~2
            shout/scream at kids/me/us all day/night/time ~3
            always shouting/screaming/yelling at me/us/kids/him/her ~2
            lock me/him/her in/out/outside ~2
            makes him/her/me eat alone/outside/separate ~3
            ignores me/him/her for days/weeks
            wont speak/talk to me/him/her for days/weeks ~2
            blames me/him/her for everything/divorce/split ~3
            says its all my/his/her fault ~2
            says hes/shell/theyll put me/him/her in care ~4
            treat me/him/her like shit/dirt/slave/dog/rubbish ~2
            treated different from/than/to brother/sister/others ~3
            mums/dads/they always putting me/him/her down ~2
            put me/him/her down all time ~2
            walking/walk on eggshells with mum/dad
            feels like nothing at home ~2
            scared of making mum/dad angry/mad/cross ~3
            makes me feel like shit/nothing/worthless/rubbish/scum ~1
            humiliate me/him/her in front ~3
            threatens to send him/her/me away ~2
            cold and rejecting
            frightened of getting things wrong
            hears parents/mum/dad fighting/screaming/rowing ~3
            witness/witnessed/witnessing da/dv/domestic
            kids hide/hiding when shout/row/kick ~3
            i hate/hate living home/here ~3
            no one home loves/likes/wants me ~1
        """,
        "faint": "worthless;belittles;humiliates;scapegoat",
    },
    "sexual_abuse": {
        "strong": """
            {who}/{sib} touch private/privates/bits/willy/fanny/minnie/vagina/penis/breasts/boobs/bum/bottom/chest/down ~3
            {who} touch {kid}/me in/where/when/at/inappropriately/wrong/weird/funny/down/there/sexually ~2
            {who}/{staff} touch me/us
            {who} touching her/me/him/kids/daughter/son
            keeps touching me
            touch me/him/her down there ~1
            touch in bad/wrong/funny way ~3
            bad/secret touching/touch
            makes/made me/him/her touch/kiss/lick/watch/undress/strip/suck ~2
            {who}/{sib}/{friend} rape/raped {whom}
            i was/got/been raped/assaulted/molested/abused/groped
            raped me
            been raped
            {who} graped me
            got graped
            i was sad by
            sexually abuse/abused/assault/assaulted/touched/harass/harassed
            sexual abuse/assault/harm/activity/contact/touching
            {who} molest/finger/grope/fondle {whom}
            has/had/having/have sex with {child}/me/her/him/stepdad/dad/uncle ~1
            force/forced me/her/him to sex/have/kiss/do ~2
            {who} gets/climbs/comes in/into bed with {whom} ~1
            {who}/uncle/dad/stepdad comes/come in/into my/her/his room night ~2
            stepdad/uncle/dad/brother/he watches/watch me/her shower/change/undress/bath/sleep ~2
            comes/come in when im/shes in shower/bath/changing/undressed ~2
            peeks/spies at me/her
            shows/showed me/him/her willy/penis/private/porn/porno/naked/videos/dick/cock ~3
            make me look/watch porn/videos/naked
            show/showing kids porn
            flash/flashed me/kids/her
            our/a little/special secret with/he/dont ~2
            its our secret
            dont tell mum/anyone what we/he did/do ~2
            special cuddles/games/game/tickles/tickling
            tickling game
            i dont like what he/uncle/stepdad does to me ~2
            does/did things/stuff to me/him/her
            things/stuff he/uncle/dad/stepdad does/did to me ~2
            did/does something to me/her night/bed/sleep ~3
            {who} hurt my/her private/privates/bits/minnie ~2
            sore/bleeding/hurts down there ~2
            blood/discharge/stain in pants/knickers/nappy ~2
            discharge/sti/chlamydia/gonorrhoea in child/girl/boy ~4
            stds/sti age 13/12/11/10 ~2
            sexualised behaviour/play/language/talk
            knows too much about sex ~2
            acts out sex/sexual with dolls/toys/friends ~3
            humping and says uncle/dad/he ~3
            pornography with child
            paedophile
            sex offender living/moved/around/near/with ~3
            sex offender
            nonce
            sarc
            csa
            lusts after
            nudes/naked of child/kids/daughter/son ~2
            indecent images/image/pictures/photos
            takes/took pictures of me/her/him naked/undressed/shower/bath/underwear ~3
            asked/asks/asking me for pictures naked/body/private ~3
            {staff} kissed me/her/him ~1
            being weird/creepy/pervy/pervert with me/kids/her/him
            uncle/stepdad/dad creepy/pervy/perv ~2
            he perves on ~1
            dont want to be alone with him/uncle/stepdad/dad/grandad ~2
            dont/never leave me/her alone with him/uncle/stepdad/grandad ~2
            {who}/{sib} get/climb/come/crawl in/into bed with {whom} ~0
            hand up/down/under skirt/top/shirt/knickers/pants/trousers/dress ~1
            make/force {whom} do sex/sexual ~2
            puts/put finger/fingers/thing/willy in/inside/up ~2
            daddy/dad/uncle finger/fingers ~2
            dont like it when he/uncle/stepdad/grandad babysits/bath/baths/bathes/undresses/tucks/cuddles ~2
            i lock my door because/when/at night ~3
            i sleep with my door locked/chair/barricaded ~3
            disclosed/disclosure/alleged/alleges/alleging sexual/rape/touch/touched/inappropriate ~4
            allegation of sexual/rape
        """,
        "same_day": """
            he/uncle/stepdad/grandad makes/gives me uncomfortable/creeps ~2
            feel uncomfortable/unsafe/weird/funny around him/uncle/stepdad/grandad ~1
            funny/odd/weird/strange/inappropriate with kids/children/girls/boys/daughter/son ~2
            {who} too close/friendly/touchy with {child}/{kid}/me
            dont want to go/stay uncle/grandad/uncles/grandads/dads house/anymore ~3
            inappropriate touching
            touch each other
            kissed me
            touchy feely
        """,
        "faint": "molested;groping;sexualised;inappropriate",
    },
    "neglect": {
        "strong": """
            no food in house/home/cupboard/fridge/flat ~2
            nothing to eat
            nothing in the fridge/cupboards/cupboard ~2
            hasnt/not/no/nothing eaten/eat/fed since/for/in days/yesterday/monday/two/2/three/3 ~2
            dont/not/never feed me/us/him/her/them/kids properly/enough ~2
            not feeding him/her/them/kids/baby ~1
            always hungry/starving
            comes to school hungry/starving/dirty/smelly/filthy/unwashed ~3
            steal/stealing/begging/scrounging food ~2
            eating/eats out of bin/bins
            same clothes for days/weeks/every ~2
            same clothes every day/week
            smells of wee/urine/damp/poo/smoke ~1
            wet/soiled/dirty/full nappy all/hours/day/same/days ~3
            nappy not/isnt/never changed ~2
            nits/lice/headlice for weeks/months/years ~2
            infested with ~2
            house/flat/home full of rubbish/faeces/poo/mess/dog ~3
            dog/cat/animal poo/mess/faeces everywhere/floor/carpet ~3
            filthy house/home/flat/conditions/kids/clothes/bedding
            rats/mice/cockroaches/maggots/flies in house/kitchen/bedroom/flat/home/cot ~3
            no bedding/mattress/sheets/heating/toilet/bathroom ~1
            sleep/sleeps/sleeping on floor/sofa/settee no/without/bare ~3
            dirty mattress/nappies ~1
            rotten/black teeth
            teeth rotten/rotting/black ~2
            miss/missed/never/wont/not go/take/taken doctor/doctors/appointment/appointments/dentist/hospital ~3
            missed immunisations/appointments/jabs/checks
            wnb
            was not brought/bought
            weight loss/faltering/falling centile ~2
            faltering growth
            failure to thrive
            kid/child/toddler/kids outside/out late/alone/all/no coat/night/shoes ~2
            out/outside late no coat ~2
            playing/wandering/running/out in street/road late/night/alone/midnight/dark ~3
            kids/toddler/child/children out late/midnight/10pm/11pm ~3
            look after/looking after my brother/sister/brothers/sisters/siblings/little/baby all/every/because/while ~3
            i cook/feed/wash/clean for brother/sister/brothers/sisters/little/mum ~3
            no one looks after me/us/him/her/them
            no one washes/feeds/cooks/cares/gets/makes ~2
            mum/dad dont/never get up ~2
            mum/dad sleeps all day ~1
            mum/dad never here/home/in ~1
            fend for themselves/himself/herself/ourselves/myself ~1
            left to fend/look/own ~2
            never been/not been/hasnt been to school in/for weeks/months ~3
            not registered with/at gp/doctor/school ~1
            wont get/give him/her medicine/inhaler/insulin/medication ~2
            not giving/given him/her medicine/inhaler/insulin/medication/epilepsy/tablets ~2
            dangerous dogs/dog with/around/near kids/baby/children ~3
            no coat in winter/rain/snow ~2
            home conditions poor/unsafe/awful/dire/deteriorating/terrible ~2
            chronic neglect
            neglectful/neglecting/neglected
            child/children neglect
            lack of stimulation
            gcp2
            house not fit to live ~3
            eat every other day
            only eats at school/nans ~2
            only meal/food he/she/i get/gets/have school ~3
            mum/dad feed/feeds dog/herself/himself not/before us/me ~3
            scruffy and hungry ~2
        """,
        "faint": "filthy;unkempt;dirty;grubby;starving;unwashed",
    },
    "domestic_abuse": {
        "strong": """
            {partner} {hit}/{grip} me/us/mum/mam/her
            {adult} {hit}/{grip} mum/dad/mam
            scared/afraid/frightened/terrified/petrified of husband/partner/ex/boyfriend/him/hubby/fella/wife/girlfriend/her ~1
            {partner}/dad/stepdad/he threaten/threatened/threatens me/us/mum/her/kids ~1
            {partner}/dad/stepdad/he hurt/hurts/hurting mum/me/us/her
            {partner}/dad/mum/stepdad/adult punch hole/wall/door ~2
            punch hole in wall/door ~1
            dad/partner/husband/he punches walls/wall/door/doors ~0
            smash/wreck/trash house/flat/place/tv ~2
            smash my phone/stuff ~0
            put his fist/hand through door/wall/window ~2
            {partner} kick/kicked/boot/booted door ~2
            kicked/booted/kicking/banging/smashing the door in/down
            trying to get in/into my/house/flat ~2
            hes at/outside the/my door/house/window/gate ~1
            hes back
            hes outside
            hes here again/now
            hes downstairs/upstairs
            breach/breached/breaking non mol/molestation/order/restraining/bail ~3
            non mol/molestation
            restraining order
            bail conditions breached/contact/turned ~2
            domestic violence/abuse/incident
            domestics/domestic at/between/last/again ~2
            dv
            da incident/referral/notification/perpetrator/victim
            refuge
            he/shes/partner/ex controlling/abusive/violent
            abusive/violent/controlling partner/relationship/ex/husband/boyfriend/dad/home/marriage
            dad/stepdad/mum/he/they hits/hurts/beats/punches/strangled/pushes mum/dad/each ~1
            mum/dad/they/parents scream/shout/throw/hit/fight at/with/things each/other/night/stuff/plates ~2
            mum has/got black/bruise/bruises/marks/bloody/bleeding ~1
            mum crying/bleeding/screaming/shouting and dad/he/stepdad ~3
            mum screams at night ~1
            dad/stepdad/he chucked/threw/throws/pushed mum/her/me ~1
            kids/children/baby in/were house/room/upstairs/there when/while/during ~3
            i hide/hiding under/in when bed/cupboard/wardrobe/bathroom/room/they/he/dad ~3
            hide with my brother/sister when/under/in ~2
            cover/block my/his/her/their ears ~1
            i sleep in brothers/sisters room when fight/row/shout/drinking ~4
            he kicks off/drinks and/gets ~2
            kick/kicks/kicking off again/tonight/downstairs ~2
            he drinks and gets/hits/shouts/nasty/angry ~2
            gets/turns nasty/angry/violent/aggressive when/after drink/drinks/drunk/drinking/drank/beer/pub ~3
            only when/if he drinks/drunk/had drink/stressed/angry ~2
            he only does it when/if/because ~1
            he doesnt mean it/to ~1
            its my fault he/when/hits ~2
            i wind/make him up/angry/mad/lose ~1
            said sorry and/he/after/flowers/never wont ~2
            promised it/he wont/never/not happen/do/again ~2
            i fell/walked down/into stairs/door ~1
            {partner} keep turning/coming/showing/ringing/messaging/hanging ~0
            ex/he found out where/found us/found me ~1
            found out where we/i live/moved ~1
            got/gets/getting/coming/be out of prison/next/soon/friday/monday/tomorrow ~2
            out of prison/jail next/soon/tomorrow/today/friday/monday/this ~2
            hes out next/soon/tomorrow/today/friday/monday/on/early
            released from prison/jail next/soon/today/tomorrow/friday/monday ~2
            marac
            idva
            dash risk/high/score
            clares law
            nfs strangulation
            non fatal strangulation
            strangled/choked/throttled/strangling/strangles
            hand around/round/on/at neck/throat ~1
            by neck/throat ~0
            couldnt breathe he/when ~3
            i left/leaving/leave him/partner/husband/ex tonight/today/last/this/because/need/and ~2
            need to get/escape/leave away/out/from him/here/house/husband/partner/this ~2
            get/run/getting away from him/husband/partner/my
            need somewhere safe
            safe place/house/somewhere to go/stay ~2
            not/isnt safe here/home/house ~1
            dont feel safe/dont with/in/at/anymore/home
            fear/fearing/scared/worried for my/our/her/their/the life/safety/lives ~1
            scared/afraid/frightened hes/shell/hell/he/they going/gonna/will/might/come/coming/find/back ~3
            scared to/of go/leave/sleep/say/tell/talk ~1
            hes/he going/gonna/will kill/hurt/do me/us/her/something
            hes kicking off
            i cant talk/speak/ring he/hes/husband ~2
            cant/dont talk/speak hes here/back/home/in/next/listening/coming/asleep ~3
            dont/cant/no ring/call/phone/text hell/hes/he/see/know/hear/find ~4
            dont/please/cant ring/call/phone/reply/text/write hell/he/my/husband/partner see/sees/check/checks/know ~4
            he/she/they/dad/husband/partner knows/found i told/messaged/texted/reported/said/out ~2
            hes/he listening/watching/standing ~1
            hes coming back/up/upstairs/now/here ~0
            delete this he/before/after ~2
            have to be quick/quiet/hurry/go he/hes/hell ~3
            typing/messaging/writing/texting this from/in bathroom/toilet/cupboard/hiding ~3
            im/we/locked in the bathroom/toilet with/from/hiding/kids/and ~2
            locked myself/ourselves in bathroom/toilet/bedroom/room ~2
            i cant/wont/dont leave him/her he/hell/because/or ~2
            if he/they find/finds/found/sees/see out/this/me ~2
            if i leave he/hell/hes ~1
            hell/he kill/kills/hurt/murder/batter me/us/her/mum if/when ~1
            like to order a pizza
        """,
        "same_day": """
            he/she/dad/mum/husband/partner got temper ~2
            rows/arguments/fights/fighting/arguing getting/got worse ~2
            parents/mum/they fight/fighting/argue/arguing/row all/every/constantly ~2
            police called/came/been/round/out to/last/again/house/night/parents/home ~3
            hes/he nasty/horrible/aggressive to/with me/kids/mum ~1
            {partner} be aggressive/nasty/violent/abusive ~0
            shouts and swears at me/us ~1
            tense/atmosphere at home
            used to hit/beat/strangle/batter/hurt me/us/mum ~1
            he/ex/partner was violent/abusive ~1
            toxic relationship/marriage
            need to leave my husband/partner/boyfriend/him
            he has never hit me but ~1
            aggressive towards
            stalker
            ex wont leave ~2
            my ex keeps ~2
            {fear} of {adult}
            {partner}/ex harass/harassing/harasses me/us ~1
            survivor of
            ptsd from ex/him/relationship ~2
            walking eggshells
        """,
        "faint": "abuse;abusive;violence;violent;aggressive;fighting",
    },
    "coercive_control": {
        "strong": """
            {partner}/she check/checks/checking my/her phone/messages/texts/mileage/bank ~2
            wont/doesnt/dont/never let/lets/letting me/her/us see/go/leave/work/have/out/speak/talk/use/wear/eat/drive ~1
            not allowed to see/leave/work/speak/talk/have/drive/phone/friends/family/money ~1
            not allowed my/a own/phone/money/bank/keys/friends ~1
            {partner} take/hide/control wages/money/phone/keys/benefits/card/passport ~0
            {partner} break/broke/smash my phone ~0
            lock/locks the doors ~0
            locked the door and ~0
            take/hide wages/passport ~0
            controls the/my/our/what/who/everything/money/me/her/all ~1
            have to ask/account for/him/every/permission/money ~2
            gives me/her allowance/pocket ~2
            no money/bank of own/my ~2
            {partner} track my/me/her phone/car/location ~1
            {partner} track me/her ~0
            tracking me/her ~0
            {pron}/{partner} check phone/messages/texts ~0
            {pron}/{partner} track phone/car/location ~0
            put tracker ~1
            tracker/airtag on/in my/car/bag ~2
            cameras in/inside/round house/home/bedroom/every to watch/watching/check/checks ~4
            watch me on/through camera/ring/doorbell ~2
            {pron}/{partner} read/look/go through/my/her phone/messages/texts/emails ~1
            {partner}/{pron} read my/her phone/messages/texts ~0
            read all/every of my texts/messages ~0
            locks me/her/us in/out ~1
            locked me/us in/out ~1
            says/threatens/threatened he/hell/to take/taking kids/children/baby/them ~3
            threatens to kill/hurt/harm/top himself/herself if/when ~2
            threatens to report/deport/tell/send me/immigration/social/back/home ~2
            hell/he kill/hurt/harm/top himself if ~2
            tells me/her/says what to/i wear/eat/do/can ~3
            cut me/her off from family/friends/everyone ~2
            isolates/isolated/isolating me/her from ~1
            makes me share/send/turn location/on/snap ~2
            makes me video call/facetime/prove ~2
            wants/has all my passwords ~2
            followed/follows/following me/her to/everywhere/home/work ~1
            gaslighting/gaslights/gaslit
            coercive control/controlling
            coercive/controlling behaviour/relationship
            financial/economic abuse
        """,
        "same_day": """
            jealous/possessive/obsessive/paranoid {partner}/and ~2
            he/partner/husband/boyfriend is controlling/jealous/possessive ~2
            always wants to know where i/im/we ~2
            rings/texts/messages me constantly/every/all/hundred/50/100 ~3
            dont like me seeing/going/having/talking ~2
        """,
    },
    "domestic_abuse_pregnancy": {
        "strong": """
            pregnant/expecting {hit}/{grip}/{fear} ~5
            weeks pregnant/gone {hit}/{grip} ~5
            {hit}/{grip} {num} weeks ~4
            {hit}/{grip} me/her pregnant/expecting/bump/stomach/belly/tummy ~4
            {hit}/{grip} in/my/her stomach/belly/tummy/bump ~2
            {fear} and/im pregnant/expecting ~3
            {fear} him/partner/boyfriend/husband pregnant/expecting/bump/baby ~4
            he/partner/boyfriend doesnt want the baby/bump and/he/hit/kick/push/scared ~4
            da/dv in pregnancy
            pregnant and domestic/dv/da/violence ~2
        """,
    },
    "child_sexual_exploitation": {
        "strong": """
            13/14/15/12/11/girl/daughter with/off/seeing/dating 18/19/20/21/22/23/24/25/26/28/30/35/40 year/old/man ~4
            older/grown/adult/20/25/30/40 man/men/guy/lad/bloke/boyfriend picks/picked/pick up/collects/meets/buys/gives/sends/drives/messages ~3
            older man/men/guy/guys/lads/bloke/boyfriend with/and/seeing/my/daughter/niece/gifts/money/car/him/her ~3
            pick/picks/picked her/him/me/girls up in car/cars/different/older/man/men/taxi ~3
            getting in/into/out cars/car/taxi/taxis with men/man/strangers/older/different ~2
            different men/man/cars/guys ~1
            boyfriend is 19/20/21/22/23/24/25/26/27/28/29/30/35/40 and/hes/shes/im ~3
            13/14/15/12 boyfriend/bf/seeing/dating 18/19/20/21/22/23/24/25/30/man/older ~4
            sleep/sleeping/sex with/for men/older/money/vape/vapes/weed/phone/drugs/lift/food/stay ~2
            have to do/sleep/have things/sex/stuff with/for men/friends/him/his/pay ~3
            sell/selling/sells herself/himself/body/me/pics/nudes ~1
            pimp/pimped/pimping
            passed round/around/between men/mates/friends/his/them ~2
            onlyfans and/she/im/is 13/14/15/16/17/underage/child ~3
            comes/came home/back with new/expensive/designer phone/trainers/clothes/jewellery/gifts/money/stuff ~3
            gifts/money/clothes/trainers/jewellery cant/wont/doesnt explain/say where ~2
            hotel/hotels/airbnb/b&b with man/men/older/him/guys/lads/girls/overnight ~3
            party/parties with older/men/drugs/drink/alcohol ~2
            hickeys/love bites and/older ~2
            plan b/morning after/sti/abortion at 12/13/14/15 ~2
            sugar daddy
            shes 12/13/14/15 and his/hes/boyfriend ~2
            cse
            exploited sexually
            sexual exploitation
            sexually exploited
            he said i/id owe/owed him ~2
            i owe him/them for/now/money/so/big
            made/makes me have/do/go sex/with/his/mates/friends/men ~3
        """,
        "same_day": """
            older friends/friend/mates/lads/boys/crowd/group hanging/hanging/with/she/hes ~2
            hanging/hangs/knocking around/about/round with older/adults/men/lads/crowd ~2
            sneaks/sneaking/climbs out at/window/night ~1
            out all night
            unexplained/new gifts/money/phone/trainers/clothes/things/jewellery ~1
            secretive about/with phone/where/who/boyfriend ~2
            older boyfriend
            boyfriend older than ~2
        """,
    },
    "child_criminal_exploitation": {
        "strong": """
            {who}/{child}/{sib}/{friend}/i/me run/runs/running/carry/carries/carrying/selling/sell/shot/shots/drop/deliver/hold/holding {drug} ~2
            makes/made/making/got/getting me/him/her carry/sell/run/deliver/hold/drop/stash ~2
            carry/hold/look after/stash package/packages/parcel/parcels/bag/bags/something for someone/him/them/people/some/olders/lads/men/man ~3
            hold/keep something/bag/package for olders/them/him/someone ~2
            drop/deliver/carry/hold package/packages/parcel/parcels for/off olders/elders/them/him/someone/man ~3
            for the olders/elders ~0
            county line/lines
            shotting/juggin/trappin/trapping/grafting for/with/on/in/out/drugs
            trap house/line/phone
            trap phone/line
            burner phone
            graft phone
            go/been cunch/ot/cuckoo/trapping ~0
            going country ~0
            goes cuckoo for days
            cuckooed/cuckooing
            taken/took/taking over my/his/her/the flat/house ~2
            two/2/second/another/three/3 phones/phone and/money/cash/trainers/goes/missing/now/days ~3
            owe/owes/owed/owing money/dealer/dealers/them/olders/drug/debt/bag/grand/people/lads ~2
            in debt to/with/for dealer/dealers/drug/drugs/olders/gang/them/him/people/bag/some ~2
            drug debt
            lost the/a package/bag/food/pack/phone and owe/they/now ~3
            work/working/works off/for/pay debt/olders/gang/dealers/line/elders ~2
            plugging/plugged/plug drugs/it/bags/wraps/food
            stop/caught/found with cash/drugs/knives/wraps ~2
            wads/bundles of cash/money ~0
            found drugs/wraps/scales/baggies ~1
            found drugs/wraps/scales/baggies/bags/cash in/under/room/bed/bag/coat ~2
            found/arrested/picked miles/hours from/away home ~2
            missing for days/nights/weekend/weekends and/comes/came/back ~2
            mate/friend/brother/son/he goes/gone/disappears/vanishes for days ~1
            initiated/initiation/joining/joined/join/part/in/left/leave/leaving a gang ~2
            gang members/member/nominal/affiliated/violence/involvement/exploitation/want/after/made/make/making
            gang threatening/threatened/threatens/forcing/attacked
            elders/olders make/made/want/wants/give/gave/told/tell/said/after me/him/us/them ~1
            cant get out of it/gang/line/this ~2
            they/olders/man/gang wont let me/him out/leave/stop ~1
            criminal exploitation/exploited
            cce
            money mule/muling/square
            debt bondage
            going ot
            on a line
        """,
        "same_day": """
            new trainers/designer/coat/phone and/no/money ~3
            vaping weed with ~2
            smokes/smoking weed with older/gang ~2
            involved/mixed in/up with/wrong/bad crowd/gang/lads/drugs ~2
            wrong crowd
            two phones
            drug dealer/dealers/dealing
            selling drugs/weed/vapes
            postcode war/wars
        """,
    },
    "online_harm_grooming": {
        "strong": """
            someone/man/guy/he/person/stranger/boy/adult/they online/snapchat/instagram/discord/roblox/game/tiktok/whatsapp ask/asked/asks/asking/want/wants/sent/told/sends for/me/her/him/pictures/nudes/to ~4
            roblox/snapchat/instagram/discord/online/fortnite/tiktok/internet/game/app want/wants/asked/asking address/pictures/meet/number/video/body ~3
            want/ask her/his/my address/pictures ~1
            asked/asking/asks/wants/want/demanding/sent for/me/her/him/to/send nudes/nude/naked/bra/underwear/body/feet ~3
            send/sends/sent/sending nudes/nude/naked/dick ~3
            nudes
            wants/want/asked/asking/going to meet me/her/him/up/in person/alone/irl from/real/online/game/snapchat/discord/instagram/park/hotel/hes ~4
            stranger/man/guy/someone coming/come/travelling/driving to meet/see/get/collect me/her/him ~2
            meet/meeting/met a/up/someone/man/guy/him/stranger/boy online/from/he/off internet/game/snapchat/discord/roblox/instagram/app/tiktok/yubo/hinge/tinder ~3
            talking/talks/speaking/messaging/chatting/texting to/with an/a older/man/men/stranger/strangers/adult/guy/someone/grown online/on/internet/game/snapchat/discord/roblox/instagram/app/whatsapp/hes ~3
            said/says/told dont tell/show mum/dad/parents/anyone/anybody/mom ~3
            keep/kept it/this/us secret/quiet/between ~2
            pretends/pretending/pretended/lied/saying he/hes/to be/about age/younger/15/16/my ~3
            said/says he was/is/hes 15/16/17/14 but/hes/actually/really older/man/adult/30/40/20/25 ~3
            turn/turned/put camera/webcam on/off clothes/strip/and/take ~3
            grooming/groomed/groomer
            predator
            online grooming/predator/exploitation
            sends/buys/bought/gives/gave me/her/him vbucks/robux/gift/giftcard/skins/v/gifts ~3
            told/tells/makes/making/dares/dared/want/wants me/her/him cut/hurt/harm/kill myself/herself/himself on/for/camera/them/live ~3
            hes coming/driving/travelling/flying/getting to meet/see/get/my/me/train ~2
            754 com
            764 group/com
            self generated
            sgii
            ceop
        """,
        "same_day": """
            online boyfriend/girlfriend
            talking to strangers
            stranger online/danger
            added by random/randoms/stranger/man ~1
            weird messages/dms from ~1
            someone online ~0
            secret account/snapchat/instagram
            hides his/her phone/screen ~1
            watching porn
            inappropriate videos/content/messages/pictures/images
        """,
    },
    "sextortion": {
        "strong": """
            {anyone}/they got/have/has/leak/leaked/leaking/share/shared/sharing/post/posted/posting/spread/sent/send my/nudes/private/naked/intimate/pictures/videos nudes/pictures/videos/nude/naked ~4
            threaten/threatened/threatening/threatens/going/gonna/gunna/said/says to/will/hell/theyll post/send/share/leak/expose/show/upload/release pictures/nudes/videos/them/it/everyone/picture/video/me ~4
            pay/money/send or they/he/theyll/hell/post/send/share/leak ~4
            pay him/them or/more/money/£/pictures ~2
            send more or/pictures/else/nudes ~2
            blackmail me/him/her/son/daughter/us/{child} ~0
            {pron} blackmailing {whom} ~0
            being blackmail/blackmailed
            blackmail over/about/with pictures/nudes/naked/video
            sextortion/sextorted
            leak/leaked/leaking my/her/his nudes/pics/pictures/video/stuff ~1
            screenshot/screenshotted my/it/nudes/me/naked/recorded and/nudes/they/wants ~3
            recorded me/him/her naked/on/doing camera/cam/video ~3
            revenge porn
            deepfake/deepfakes/deepnude of/me/her/naked/ai
            ai nude/nudes/naked/fake pictures ~2
            want/demand money/bitcoin/crypto or pictures/nudes/video/else ~3
            demand money/bitcoin/crypto
            {who} want more pictures/nudes/videos ~1
            {who} going/threaten send/post/share/leak pictures/nudes/video ~2
            everyone in/at/my school has/seen/saw/got my/nudes/picture/it/naked ~2
            nudes/nude/naked picture/video going/sent/passed/being/shared/all/around/round ~2
        """,
        "same_day": "someone has pictures of me/her/him ~2;sent a picture i/she regret ~4",
    },
    "fgm": {
        "strong": """
            fgm
            cut/cutting/cuts girls/down/there/her/me/my/daughter/sister/private like/same/mum/aunt/abroad/holiday/there/when/down ~3
            want/wants/going/gonna/plan/planning to cut me/her/my daughter/niece/granddaughter/sister
            female circumcision/genital/cutting
            genital mutilation/cutting
            circumcised/circumcise/circumcision/sunna/gudniin/khatna/khafd/tahur girl/girls/daughter/her/me/abroad/sister/niece ~2
            been/be/was/getting cut down/there/as/when/girl/like ~2
            cutter/cutting ceremony/season
            special ceremony/procedure/party/celebration/holiday and/scared/abroad/back/for/girls/woman/cut/africa/somalia/sudan/gambia/become ~3
            become/becoming/be/made/make/makes a/proper/into/me/her woman ceremony/holiday/abroad/gran/grandma/trip/summer/africa/gambia/somalia/there/home ~4
            made into a woman
            girl/girls/her/daughter/granddaughter/niece cut/cutting gambia/somalia/sudan/abroad/ceremony/special ~6
            gambia/somalia/sudan/egypt/abroad special/cut ~3
            made a woman
            gran/aunt/grandma/elders/family says time/ready/clean/pure to/be/become ~3
            purify/purified/clean/cleansed girl/me/her/daughter
            sewn up/shut
            type/t 1/2/3/4 fgm
        """,
        "same_day": "back to gambia/somalia/sudan/egypt/sierra/mali/eritrea/nigeria/kenya for summer/six/holiday/long/ceremony ~3",
    },
    "forced_marriage": {
        "strong": """
            force/make/want me/her/him/sister/friend marry/marriage/engaged ~3
            marry/married/engaged/wed to/my/a/off cousin/uncle/man/someone/stranger/older against/dont/never/abroad/cant/in/when/without ~3
            dont/doesnt/not/wont/didnt want/wanna to/get/be/marry/married/wedding marry/married/wedding/marriage/engaged ~2
            marry/married/wedding/marriage/engaged abroad/pakistan/bangladesh/india/somalia/afghanistan/iraq/turkey/against/summer/16/15/14 ~4
            marry/married me/her off
            wedding/marriage/nikah/rishta/engagement arranged/planned/booked/fixed without/dont/didnt/secret/not/against/for me/her/i ~4
            arranged/arranging a/my/her marriage/wedding/rishta for/i/she/dont/and/to
            forced marriage
            forced/nikah/wedding at 15/16/17/14
            fmpo
            found/finding/got me/her a husband/rishta ~1
            take/send/fly me/her/us/sister/daughter pakistan/bangladesh/india/home/somalia/afghanistan/iraq/abroad/turkey/village marry/husband/cousin/rishta/scared ~4
            if i say no to wedding/marriage/marrying/him/rishta ~3
            hidden/took/taken/has my/her passport
        """,
        "same_day": "suddenly engaged ~0;going to pakistan/bangladesh/india for wedding/long and/scared/dont ~3",
    },
    "honour_based_abuse": {
        "strong": """
            shame/shamed/dishonour/dishonoured/disgraced/disgrace on/to/the/our/my/family/them/brought family/community/them/us/izzat/name ~3
            honour killing/based/violence/abuse/crime
            so called honour
            izzat/sharam/ghairat/namus/besharam
            brothers/brother/uncles/dad/family/cousins/they will/would/gonna/going/hell/theyll/wants/want/threatened/said kill me/her if/when/find/found/because ~3
            they/family/dad/brothers/parents kill/hurt/beat/disown/lock me/her if/when find/found/know/knew/see/out/because ~3
            family/brothers/dad/uncles/community looking/hunting/searching/after/following/watching for/me/her/us ~1
            found out about/i/im/that boyfriend/gay/girlfriend/lesbian/trans/relationship/seeing/him/pregnant scared/kill/hit/beat/lock/angry/furious/dad/mum/theyll/going ~5
            not allowed out/leave/phone/alone because/anymore/since boyfriend/boy/family/shame/brothers/found ~3
            they/parents/family found out/about i/my boyfriend/girlfriend/gay/lesbian/trans ~3
            if my/family/dad/parents/they find/finds/found/knew/know out/im/about/i kill/gay/boyfriend/dead/girlfriend/lesbian/trans/hurt/disown ~5
            too western/westernised and/they/dad/hit/lock/kill/scared/wont ~3
            kept/keep/keeping/kept me/her in/locked/inside/at house/home/room ~2
            conversion therapy/camp
        """,
        "same_day": "strict and scared/afraid/frightened ~2;strict parents scared ~3;dad/brothers would go mad if ~2",
    },
    "faith_belief_abuse": {
        "strong": """
            say/think/believe/pastor/church/aunt possessed/witch/cursed/demon/devil/evil/jinn/djinn/kindoki/ogun/juju/spirit ~4
            beat/beating/starve/starving/burn/pepper/fast/fasting/pray/drive/cast/get devil/demon/spirit/spirits/jinn/evil/witch/demons out/away/in/from/him/her/me ~3
            possessed by/with demon/devil/spirit/jinn/evil ~1
            {child}/{sib}/{obj}/he/she/i possessed/cursed ~0
            i/he/she/child a witch ~0
            says/say/think/thinks i/he/she/child witch ~2
            demon/devil/evil/jinn/spirit/witch/demons in/inside/possessing/possessed/out me/him/her/child/my/us
            exorcism/exorcise/exorcised/deliverance/ruqyah on/for/my/session/child/me/him/her/to/of
            witchcraft/kindoki/juju/muti/black/obeah/voodoo child/me/him/accused/accuse/says/say/magic/oath/branding ~3
            branded a witch
            calfb
            put/rubbed pepper/chilli in/on eyes/mouth/private ~3
            wont/not let me/him/her eat until/because/demon/spirit/devil/pray/fast ~3
        """,
        "faint": "demon;cursed;demons;exorcist",
    },
    "radicalisation": {
        "strong": """
            isis/isil/daesh/terrorist/terrorism/terror/jihad/jihadi/neo/nazi/far right/extremist/extreme right/extremism/caliphate videos/stuff/group/groups/material/content/propaganda/forum/views/symbols/recruit/joined/join ~2
            far right
            neo nazi
            travel/travelling/go/join/fly/flying to syria/isis/fight/caliphate ~2
            watch/watching/watches beheading/beheadings/execution/executions/attack/attacks/shooting/shootings/extremist/gore videos/video ~1
            school shooting/shooter/shootings
            {anyone} make/build/built/made/got bomb/explosives ~1
            make/build/built/made a bomb ~0
            shoot/bomb/blow/burn school/everyone/mosque/synagogue/church/parliament ~2
            make/making/build/building/made a bomb/explosive/explosives/bombs
            plan/planning/plans/wants/going/talks/talking/said an/to/about/hell/he attack/kill/hurt/shoot/stab/blow people/everyone/school/muslims/jews/women/police/teachers/infidels/kuffar/migrants/immigrants ~3
            kill/hurt/die all/for the muslims/jews/women/cause/kuffar/infidels/foreigners/immigrants/blacks ~2
            attack on a/the school/mosque/church/synagogue
            incel forum/videos/stuff/group/ideology/views
            hates/hate all women/muslims/jews/immigrants/foreigners/gays/blacks/whites ~1
            radicalised/radicalising/radicalisation
            muu/isf/eruk
            prevent referral/concern/lead/team/officer
            channel referral/panel
            accelerationist/accelerationism/columbine/terrorgram/atomwaffen
            writing/wrote/written/reading/read/has a/his manifesto ~1
        """,
    },
    "modern_slavery_trafficking": {
        "strong": """
            trafficked/trafficking
            modern slavery/slave
            domestic servitude/slave
            forced labour/work/to work
            kept as a slave/maid/servant ~1
            they/boss/man/he/family keep/keeps/kept/has/have/took/take my/his/her/their passport/wages/papers/documents/pay ~1
            works/work/working for no/without/never pay/money/wages/paid ~2
            works/work/working off/back/pay debt/journey/travel/smuggler/owe/for ~2
            cant leave work/job/house/until debt/paid/boss/owe/they ~3
            locked/lock in/at the house/factory/nail/farm/cannabis/flat work/working/bar/grow ~3
            kept/sleeps/lives/works in/at nail/car bar/wash/farm ~2
            nail bar/car wash/cannabis farm/grow/brothel/takeaway child/boy/girl/young/sleeps/lives/works/working/forced ~4
            cannabis farm/grow house
            brothel
            child/girl/boy cleans/cooks/works in/for/all house/family/day never/not/no/isnt school ~4
            cleans/cooks all day never/not/no/isnt school/allowed ~3
            brought/smuggled here/over/into by/in/from/uk agent/man/lorry/someone/uncle not/to/and/work ~3
            came in/on lorry/boat alone/owe/agent ~3
            unaccompanied asylum/minor/child
            uasc missing
            ictg
            mpaup
            sold to a/me/him/her/family/man
            be made to beg/steal/pickpocket ~0
        """,
    },
    "missing_child": {
        "strong": """
            hasnt/not/never/dont come/came/returned home/back ~1
            hasnt/not/never got/been home/back ~0
            dont/not/no know/idea where {kid}/{child}/he/she/they/hes/shes is/gone/went ~1
            cant find my {child}/{kid}/{sib}
            cant find him/her anywhere ~1
            cant/get/reach/contact hold/reach/contact of/him/her/my {kid} missing/gone/since/out/all/hours/last ~4
            {child}/{kid}/{sib}/shes/hes/he/she/they missing/vanished/disappeared since/from/again/for/last/overnight ~3
            {child}/{sib}/{friend}/she/he/they gone missing
            missing from home/care/placement/school/home
            missing person/child/episode/since
            reported missing
            {child}/{sib}/she/i run away/off ~1
            {child}/{sib} vanished/disappeared/missing ~3
            {num} year old missing/vanished/disappeared/gone ~1
            vanished/disappeared from park/shop/school/garden/home ~1
            run off with man/boyfriend/{num} ~1
            run away/off from/again home/and/school/tonight/last ~1
            ran/run/running away
            done one/off and/not/cant ~1
            not/hasnt been seen since ~1
            last seen
            {child}/{sib}/she/he gone/went/been/left out/gone/missing all night/since/last/yesterday ~2
            out all night and/dont/no/not phone/know/answer/back/idea/home ~3
            phone off/switched/dead and/since/hasnt/gone/not home/back/missing/seen/out/turned/since ~4
            i/ive run/ran/ran off/away ~0
            im not going home/back ~1
            sleeping/staying/kipping at/with/on randoms/random/strangers/streets/bus/park/wherever/shop/stairwell ~2
            walked/absconded/bolted/escaped out/from/of school/site/placement/unit/house missing/find/gone ~4
            absconded/bolted from ~0
            absconded/awol/misper/mfh
            took/taken herself/himself off and/not/cant ~2
        """,
        "same_day": "want to run away ~1;thinking of/about running away ~2;going to run away ~1;not at school today/again and/no ~2;keeps running off/away ~1;always going missing ~1",
    },
    "child_self_harm_suicide": {
        "strong": """
            want/wish/ready/rather/better/try/going/think/about die/dead ~1
            wish i was dead
            wish i were/was dead/gone/asleep ~1
            want disappear/vanish/sleep forever/existing ~1
            want to stop existing/living/being
            want to disappear
            want it to end ~2
            want it all to stop ~1
            want everything to stop/end
            cant do this anymore
            kill/off/top/hang/unalive/drown/shoot/stab/hurt/harm/cut/burn/starve/scratch/electrocute/end myself/himself/herself/themself/themselves/theirself/meself/hisself
            going/want/think/thinking/about to/of end it/life/things/everything ~1
            ending it all/tonight ~0
            think/thinking/keep/thought about/of ending it ~0
            end/ending it anymore/more/tonight/soon ~2
            i end it ~1
            note saying goodbye/sorry ~1
            saying goodbye ~0
            have/got a plan and/to ~0
            got plan and note/letters/pills/rope ~2
            wrote/written the letters/notes/goodbyes ~1
            going/want to end it all/tonight/now ~0
            end/take my/her/his/own/their life ~1
            end it all/tonight ~0
            end everything ~0
            no/dont/isnt point in/to living/life/being/going/anymore/carry/it ~2
            whats point in/of living/life/being/going/me ~1
            whats the point of/in living/life/trying
            nothing/no left/reason to live for ~1
            no reason to live
            dont/not want here/alive/exist/wake/live ~2
            dont/not want to be here/alive/around/anymore ~0
            dont want life/living ~0
            dont/not want to live/exist/wake ~1
            dont/not want to be here/alive ~1
            cant go/carry on ~0
            cant do/take this/it/life anymore/longer/any/more ~1
            cant live like this
            better off dead/without me/gone ~1
            no one miss/care/notice/cry me/if ~2
            everyone would/be/is happier/better without/off/if ~2
            wont be here/around/alive much/tomorrow/longer/next/soon/anymore/monday/christmas ~1
            not be here/around/alive tomorrow/much/monday/next/longer/anymore ~1
            wont have to worry/put/deal about/up/with me ~1
            this is goodbye ~0
            say goodbye/goodbyes to everyone/us/me/kids/like ~1
            goodbye everyone/forever/cruel/world
            note/letter say goodbye ~1
            give/giving/gave away his/her/my/all things/stuff/possessions/everything/clothes ~2
            suicide/suicidal/suicidality
            self harm/harming/harms/harmed/injury/inflicted
            cut/slit/slash wrist/arm/leg/thigh/skin ~0
            cuts/scars/cut/scratches on/up/down/all/across arms/arm/wrists/wrist/thighs/legs ~1
            blade/blades/razor/sharpener in/under/from/out/to/and room/bed/cut/phone/skin/arms/case ~3
            styro ~0
            took/taken/take/swallowed/swallow/had/necked/downed/drank/drunk/eaten a/too/lots/all/load/bunch/box/packet/bottle/pack/loads/many/whole/20/30/16/50/10/12/24/32 pills/tablets/paracetamol/ibuprofen/bleach/antidepressants/medication/calpol/sertraline/insulin/codeine ~3
            took/swallowed/necked/drank pills/tablets/paracetamol/bleach/battery/overdose ~1
            taken pills/paracetamol/overdose ~1
            overdose/overdosed/overdosing/od
            stockpile/hoard/hoarding/stockpiling/saving/save/saved/collected up/pills/tablets/medication/paracetamol ~2
            jump/step/walk off/front/under/into bridge/roof/train/cliff/building/traffic/lorry/flyover/car ~2
            stand/sat/sit/i/he/she/edge on/top bridge/ledge/roof/tracks/railway/cliff ~1
            {who}/{child}/{sib}/i on bridge/ledge/railway/tracks/roof ~0
            on bridge/ledge/tracks/railway/roof jump/going/alone ~2
            rope/noose/ligature/belt/scarf/cord/wire/bag round/around/over/tied neck/head/throat/rail/beam ~2
            noose/ligature
            hang/hanged/hung/hanging himself/herself/myself/themselves
            kms
            kys
            unalive/unalived/unaliving
            sewer slide
            catch the bus permanently
            ctb
            relapsed/relapse/clean cut/sh/self/harm/bad/night ~3
            sh again/bad/worse/scars/urges/every
            doing/do sh
            urges to/are/again/bad/cut/hurt
            plan/note/letter die/kill/suicide/overdose ~2
            written/left/found/writing suicide/goodbye note/letter ~1
            starving myself/herself/himself
            making myself/herself sick
            anorexia/anorexic/bulimia/bulimic
            suicidal ideation/thoughts/plan/attempt
            si with/and plan/intent/means
            disclosed si/sh ~0
            intrusive thoughts of/about suicide/dying/death/hurting ~1
            dsh
            i hate my life/myself/living/being alive
            hate/hates himself/herself so/and/wants/says
            i done with life/everything/living ~1
            im a burden
            just a burden
            let me go/die
            want to sleep and/forever/never not/wake ~2
            hope/wish i dont/wont/never wake/woke up ~1
            never wake up
            go to sleep and not wake ~2
            tired/sick of living/being/life/existing alive ~1
            sick of living/life
            tired of living/life
        """,
        "same_day": """
            feel empty/numb/hopeless/worthless/nothing/burden/alone/trapped ~3
            feel low and/empty/since/every/all ~2
            hopeless/numb/hollow/empty inside
            no one cares/likes/loves/understands/wants/listens about/me/if ~1
            hate my life
            hate myself
            crying/cries/cry all/every/myself time/night/day/sleep ~2
            cant cope anymore/any/with ~1
            cant take it/this anymore/any/much
            whats the point ~0
            give up on everything/life ~1
            giving up
            panic attacks every
            wont leave/come/get his/her/my/out room/bedroom/bed for days/weeks/anymore ~3
            plasters on arms ~1
            long sleeves ~0
            dark thoughts/place
            bad thoughts
            not ok/okay and/at/i ~1
            dying inside
            cut/cuts on arm/arms/wrist ~1
        """,
        "faint": "depressed;scars;razor;ligatures;pills",
    },
    "parent_suicide_crisis": {
        "strong": """
            {child}/kids/family/they/everyone be/would/better/off/are better off without me ~2
            better off without me/mum/her/him
            {parent}/partner/wife/husband said/says/wants/want/tried/trying/going/threatened/talks/talking/keeps to/about/she/he/wanted die/kill/suicide/dead/end/overdose/dying ~4
            {parent} took/taken/overdosed/overdose/cut/cutting/hung/hanging pills/tablets/herself/himself/overdose/wrists/too ~2
            {parent} tried/try/trying/going/gonna/said/says/threatens kill/hurt/hang/harm herself/himself ~2
            cant keep her/them/kids/myself/baby/children/us safe ~1
            cant keep safe from him/them/her/dad ~2
            hear/hearing/hears voices/things/him/someone/god telling/talking/in/tell/say/head/from/and ~2
            hearing/hears/hear voices
            voices telling/tell/told/say/saying
            {parent} seeing/sees/hearing/hears/thinks things/people/devil/neighbours/tv/spying/watching ~2
            thoughts of/about hurting/harming/killing/drowning/smothering/dropping/throwing baby/my/kids/child/him/her/them/children ~2
            scared/afraid/worried/frightened/think/might/going/want/urge/feel i/to/ill/of/like/im/hurt/gonna/will hurt/hurting/harm/harming/shake/shaking/throw/drop/smother/drown baby/my/kids/child/him/her/them/children ~3
            take/taking kids/children/baby/them with me/her/him when/if
            leave/leaving/left a goodbye/note/letter for kids/children ~2
            dont want to be a mum/mother/dad/parent/here anymore/any ~2
            cant do it/this anymore kids/mum/baby ~3
            not slept/slept/sleep hasnt/for/in days/nights/3/4/5/week and/hearing/seeing/talking/scared/voices/baby/dont/think ~3
            psychosis/psychotic/manic/sectioned/delusional/paranoid {parent}/mum/and/with/baby/kids/episode ~3
            {parent} manic/psychotic/sectioned/delusional/suicidal
            postpartum/postnatal/puerperal psychosis
            sectioned/sectioning mum/dad/last
            baby is/looks/isnt evil/devil/possessed/not/my/mine/replaced ~1
            tell my kids/children i/love ~1
            who will look after kids/children/them when/if im/i gone/die/not ~2
            made arrangements for kids/children after/when ~2
        """,
        "same_day": """
            cant cope anymore/any/with/baby/kids ~1
            at my wits/breaking/rock end/point/bottom ~0
            end of my tether/rope
            mum/dad/wife/husband/partner depressed/suicidal/crying/unwell ~2
            mum/dad/wife/husband/partner wont get/eat/talk/wake/move/speak/stop ~2
            dont feel/love/bond anything/bonded/my/for/with baby/him/her ~2
            postnatal depression and/cant/not ~1
            having/had a breakdown
            falling apart
            wont/dont get out/up of/bed ~2
            dont trust myself ~1
            want to run/walk away/out and/from/leave/never ~1
            cant carry/go on like ~1
            not/isnt coping ~0
        """,
    },
    "parental_substance_misuse": {
        "strong": """
            {parent}/{partner}/she drunk/drinking/drink/wasted/high/stoned/pissed/hammered every/day/morning/night/again/vodka ~2
            {parent}/{partner}/she always drunk/wasted/high/stoned/pissed/drinking ~1
            {parent} drunk/drinking/drinks/drink/wasted/stoned/pissed/steaming/paralytic ~1
            {parent}/he/she/they smoke/inject/snort/take {drug} ~0
            {parent}/she crack/heroin/spice/meth/coke/cocaine ~1
            {parent}/{partner}/she on/using/take/smoke/inject/sell/addicted/snort/back {drug} ~1
            mum/dad/mam passed/pass/out/spark/wont/unconscious out/wake/floor/sofa/cold ~1
            passed out drunk/on/in/with/and ~1
            drink/drunk/drug driving/drives/drove/drive with/kids/us/me/children/baby/him/her ~2
            drove/drives/driving drunk/pissed/high/over/stoned/after ~2
            needles/syringes/foil/pipes/sharps house/floor/sofa/kids/baby/cot/room/kitchen/everywhere/flat ~3
            alcoholic/addict/junkie/smackhead/crackhead/pisshead/bagheads/baghead mum/dad/and/she/he/parents/with/kids/looking/partner ~2
            {parent} is an/alcoholic/addict/junkie/smackhead/crackhead/baghead/user ~1
            i hide/pour/poured/count/find the/her/his/mums/dads bottles/vodka/drink/wine/drugs ~1
            i put mum/dad/her/him to bed ~1
            looking after/look/care/cares/caring after/for mum/dad when/while/cos/because drunk/drinking/drinks/high ~3
            cant/not look/care/wake after/for/him/her/them/kids when/drunk/drinking/high/using ~3
            under influence/the of/influence alcohol/drugs with/kids/children/pickup/collecting/school ~3
            smells/smelt/stinks/reeks/stank/stinking/smelling of alcohol/drink/weed/booze/vodka/cannabis/beer at/when/school/collecting/pickup/home/again/on/every ~2
            smell/smells/smelt/stinks/smelling/reeks of alcohol/booze/weed/cannabis/vodka
            smoke/smoking/smokes/smoked weed/crack/spice in front/around/near/with/the/house kids/baby/children/us ~2
            dealing/deals/selling/sells from/at/in the/house/flat/home/drugs
            spends/spent/spending all/our/the money/benefits/food/rent on/drink/drugs/booze/weed/gear ~3
            gave/giving/gives/let/lets/spiked {kid}/me/baby/toddler/him/her alcohol/vodka/weed/drugs/drink/methadone/medicine/calpol to/sleep/try/quiet ~2
            relapse/methadone kids/baby/again ~2
            drinking/using heroin/crack/again ~1
            using/drinking again ~0
        """,
        "same_day": "drinking too much/lot ~1;drinks a lot ~1;drink problem;drug problem;addicted to/on ~1;addict;alcoholic;hungover every;on drugs ~0;takes drugs ~0;drinking again ~0;worried about drinking ~2;pissed all the time ~1",
    },
    "bruise_non_mobile_baby": {
        "strong": """
            bruise/bruised/bruising/mark/marks/injury/swelling/burn/bump/graze/scratch/lump/bite/fracture/red/purple/blue on/to/over/cheek/face/arm/leg/head/ear/back/tummy/bottom/at/of/in baby/babys/newborn/infant/babies/mth/week/wk/weeks/month ~4
            baby/babys/newborn/infant has/got/with/have/bruise/injury/face/arm/leg/head/cheek/ear/back/she/he bruise/bruised/bruising/mark/marks/injury/swelling/burn/bump/fracture/swollen ~3
            {num} 52/12 bruise/mark/injury/fracture/swelling/burn/fractures ~4
            bruise/mark/injury/fracture {num} 52/12 ~5
            baby bruise/bruising/mark/injury/bruised ~4
            {num} week/weeks/wk/wks/month/months/mth/mths bruise/bruised/bruising/mark/marks/injury/fracture/swelling ~5
            bruise/bruised/bruising/fracture/mark/injury {num} week/weeks/wk/wks/month/months/mth/mths/52/12 ~5
            non mobile
            not mobile/crawling/rolling and/bruise/mark/yet ~2
            cant crawl/roll/walk yet/and bruise/mark ~3
            baby fell/dropped/rolled/rolled/banged/hit off/head/down/bed/sofa/floor/changing/arms/table/stairs ~2
            nearly/almost/wanted dropped/drop/throw/shook him/her/baby ~1
            dropped on purpose ~2
            dropped/dropping/shook/shaken/shaking/shake the/my/our/a baby
            frenulum/frenum
            subconjunctival
            sentinel injury/bruise
            blood in/from mouth/eye/nose/ear baby/newborn/infant ~3
            baby blood/bleeding in/from mouth/nose/eye/ear
            shaken baby
        """,
    },
    "concealed_pregnancy_unborn": {
        "strong": """
            hide/hiding bump/pregnancy ~1
            hide/hiding/hid/hidden/conceal/concealed/concealing/keep/keeping secret my/her/the/a/im/shes/that/being/bump/pregnant/pregnancy pregnancy/pregnant/bump/baby ~2
            pregnant no one know ~3
            pregnant cant/hasnt/not/dont tell/told anyone/mum/dad/parents ~3
            having a baby no one know/find ~3
            no one knows/know im/shes/i/she pregnant/having/expecting ~1
            dont know who dad/father baby ~2
            no/not/never/hasnt/without antenatal/midwife/scan/scans/booked/midwifery/prenatal care/seen/appointments/any/appointment/in/yet ~2
            no antenatal
            no midwife/scan/scans ~0
            no scan/scans/midwife ~1
            not engaging with midwifery/antenatal/midwife/maternity ~1
            unbooked pregnancy
            denied/denial/denying pregnancy/pregnant/of ~1
            my waters broke/broken/gone
            in labour
            contractions
            13/14/15/12/11 and/year/yr/yo/im pregnant ~3
            im pregnant and 13/14/15/16/12/scared/dont ~2
            think im/i pregnant/late/missed/might and/cant/scared/dont/mum/13/14/15/hiding/no ~3
            concealed/denied/late pregnancy/booking/booker
            drinking/using/drugs/heroin/smoking while/whilst/and/when pregnant/expecting ~2
            pregnant and/she drinking/using/drugs/heroin/crack/drinks ~3
            previous/other/last children/child/kids/baby/babies removed/taken/adopted/care pregnant/expecting/baby/again ~4
            previous/other/older children/child removed/adopted
            birth at home alone/secret/no one ~2
            gave/given birth alone/bathroom/toilet/secret/no one/hidden ~2
        """,
        "same_day": "pre birth assessment/referral;unborn baby/child;im pregnant scared ~3;pregnant and scared ~2",
    },
    "private_fostering": {
        "strong": """
            private/privately fostering/fostered/foster/arrangement
            looking/caring/look after/for friends/neighbours/someones/mates son/daughter/child/kids for/while/since/until/abroad/months/weeks ~4
            friends/friend/neighbours/mates son/daughter/child/kids living/live/stay/staying with us/me ~4
            not my child/son/daughter/kid but/lives/living/staying/hes/shes/stays ~2
            {child}/she/he/i/niece live/lives/living/stay/stays/staying/moved with/at/in friends/mates/friend/boyfriends/girlfriends/boyfriend/neighbour/neighbours/teacher/coach mum/family/house/for/parents/since/weeks/months/dad/nan ~3
            parents are/went/gone/live abroad/back/overseas/prison/home and/i/he/she/left/lives/living/stay/with ~3
            left with me/us/neighbour/friend by/mum/dad/parents/for/months/weeks/and/never/not ~3
            host family/families student/guardian/child/15/14/16/months
            took in/taken my/her/his/a/in friend/mate/daughters/sons/best ~2
            daughters/sons/kids friend/mate/boyfriend/girlfriend living/lives/staying/moved with/here/in us/me/ours ~2
        """,
    },
    "child_to_parent_violence": {
        "strong": """
            {child} {hit}/{grip} me/us/mum/dad/her/him/everyone/sister/brother/siblings/nan
            {child}/teen/teenager attack/attacks/attacked/attacking/threatens/threaten/threatened/violent/aggressive/lashes/lash/hurts/hurting/swings/assaults ~2
            scared/afraid/frightened/terrified/petrified/fear of my/our own {child}
            {child} smash/smashes/smashed/smashing/trash/trashes/trashed/wrecks/wrecked/punching/punches up/the/my/everything/house/doors/door/home/walls/tv/room ~2
            i {hit}/hurt/attack/lash/push my/out/at mum/dad/parents/nan/stepdad
            i lash/lashed/lashing out at ~2
            i smash/smashed/smashes/trash stuff/things/up/my/house/room/door ~2
            violent/aggressive/physical son/daughter/child/teen/teenager/outbursts/towards/with me ~2
            {child} pull/hold/came/threw/threaten {weapon} ~2
            locks/lock/hide/hiding knives/sharp/ourselves/myself because/from/away/in {child}/him/her ~3
            scared/frightened/afraid in/of my/own home/house/{child} ~1
            capva
            cpv
        """,
    },
    "harmful_sexual_behaviour": {
        "strong": """
            {child}/{sib}/boy/boys/lad/lads/kid/pupil/cousin/student touch/touched/touching/touches/grope/groped/raped/fingered/kissed/assaulted/exposed/humped my/her/his/me/other/another/girl/private/daughter/son/sister/brother/pants/bits ~2
            boy/boys/lad/lads/girl/girls/someone/kid at/in school/party/class/college/club touch/touched/touching/touches/grope/groped/raped/fingered/slapping/pulled/made ~3
            son/daughter/brother/sister/cousin/boy/he made/makes/making/forced/got his/her/the/my/me/younger sister/brother/sibling/do/child/take/touch sexual/things/pants/clothes/sex/private/stuff/it ~4
            found/caught/walked them/him/her/in/on/my/son/kids/two naked/touching/in/doing/under/with bed/sex/sexual/pants/something/sister/brother/cousin/on/naked ~3
            sharing/share/shared/sending/sends/sent/passing/passed nudes/pictures/pics/videos/video of/round/around/me/her/girls school/class/me/her/girl/year ~3
            sexual/sexualised behaviour/behaviours/acts/play/activity towards/with/by/between/on children/pupils/sibling/siblings/peers/child/another/other/sister/brother ~2
            spy/spied/spying/filmed/filming/upskirt/upskirting in/her/girls/toilets/changing/me/toilet/shower/of ~2
            upskirting/upskirted
            hsb
            i touch sister/brother/cousin/{child}/kid ~2
        """,
    },
    "child_left_alone": {
        "strong": """
            {child}/i/{sib}/me/we/him/her left alone/own/unattended/unsupervised ~2
            {child}/{sib}/{num} all alone/own ~1
            {child} on their/his/her own ~1
            left/leave/leaves/leaving/leaveing the/my/a/her/his/their/me/us/them/him {child}/kids/baby/me/us/them/him/children/home/in/on/with alone/own/unattended/home/unsupervised/car/house ~3
            left/leaves/leaving/leave me/us/him/her/them/kids/baby/children alone/own/home/unattended
            alone/themselves in/at house/flat/home/night/car ~0
            alone with baby ~0
            on their/his/her own in/at/all house/flat/home/night/car/day/next ~2
            on own all/every night/day ~0
            baby/toddler/child/kids/{num} left/home/year alone/unattended/unsupervised ~2
            {child}/{sib}/me/i/us/left home alone
            home alone with/and/scared/all/{num} ~1
            kid/kids home alone
            no one home/here/in with/and/them/kids/baby/me/us/since/scared/looking
            no adult/adults/grown/parent/parents/one home/here/in/there/with/looking/about/around/after
            mum/dad/parents/they/shes/hes/nan gone/been/went/go/goes/out/left/not out/gone/and/all/for/since/abroad/away/night/clubbing/pub/days/hours/holiday back/home/night/days/hours/yet/not/hasnt/left/weekend/kids/alone ~3
            mum/dad/parents/they/she/he hasnt/not/never/havent/didnt/dont come/came/coming/been back/home ~2
            mum/dad/they gone/been/left for days/hours/two/three/2/3 ~1
            went/gone/goes/going to/out/the/clubbing/on pub/work/party/holiday/night/shop/bingo and/left/leaving kids/baby/me/us/them/children/alone/own ~3
            dont know where/when mum/dad/parents/shes/hes is/back/are/gone/coming ~1
            im/we/were all alone/own and/with/at/in/scared/baby/brother/sister/dark/night ~2
            by myself/ourselves with/and/at/in/all baby/brother/sister/scared/house/night/little/dark/home ~2
            looking after/minding/babysitting/watching baby/brother/sister/brothers/sisters/little/kids/them by/alone/on/all/every/and/im/while no/own/alone/night/myself/day/one/7/8/9/10/6 ~4
            locked in/inside the/a house/flat/room/car/bedroom/home alone/kids/child/toddler/by/all/baby/and ~3
            toddler/child/baby in car/road/street/garden/window/balcony alone/own/hot/naked/wandering/crying/hours ~3
        """,
    },
    "no_food_heat_home_tonight": {
        "strong": """
            no money for food/electric/gas/heating/milk/nappies/kids/baby/tea/formula ~2
            run/ran out of food/electric/gas/milk/formula/money/heating ~1
            cant afford food/to eat/feed/milk/heating/electric/gas/formula ~1
            cant afford to feed/eat/heat ~0
            no/any food/money left/until/tonight ~2
            we/i have/got nowhere ~0
            landlord/locks changing/changed/change today/tonight/locks ~2
            no food/electric/gas/heating/milk/formula/leccy/electricity/hot/nappies
            nowhere to/else/safe/for go/sleep/stay/live ~1
            nowhere for us/me/kids to ~1
            sleep/sleeping/slept/living/live/stay in/on/rough/at car/van/tent/street/streets/park/bus/station/floor/bench/doorway/hallway/stairwell/garage/shed/sofas ~2
            rough sleeping/sleeper
            sleeping/sleep rough
            kicked/chucked/thrown/throwing/turfed/booted/threw/chucking/kicking me/him/her/us/out/of/my home/out/house/tonight/today/street/flat ~2
            locked out of house/home/flat
            evicted/eviction/bailiffs/bailiff/lockout/repossessed today/tomorrow/tonight/now/here/with/week/kids/coming/friday/monday ~2
            homeless/street homeless/tonight/with/and/kids/now/from/at/16/17/tonight/baby
            homeless tonight/with/today/now/kids/child/baby
            be homeless/destitute
            destitute/nrpf/street homeless
            sofa surf/surfing and/since/16/17/nowhere ~2
            meter/leccy/electric/gas run/ran/gone/cut/off/out/dead/empty/emergency out/off/kids/baby/cold/no ~2
            cut off gas/electric/water
            kids/children/baby freezing/starving/cold/hungry no/heating/food/electric/tonight ~3
            kids/children/baby are freezing/starving ~0
            kids/children/baby/we/i hungry/starving/cold/freezing/not/hasnt/havent tonight/and/no/eaten/had/fed food/since/tonight/heating/today/days/anything ~2
            feed my/the kids/children/baby cant/dont/how/nothing/tonight
            cant feed my/the/kids/children/baby/them/him/her
            skip/skipping/skipped/going/missing/miss meals/without/food so/to/for kids/children/eat/they ~2
            foodbank/food bank/parcel/voucher today/urgent/tonight/nothing/now/need/emergency/referral/please ~2
            watered/watering down the milk/formula
            asked/told/made to leave home/house/tonight by/mum/dad/parents/and ~2
            my parents/mum/dad/they/nan kicked/chucked/threw/thrown/wont me/out/let ~1
            boiler broken/broke/gone/dead and/baby/kids/no/cold/newborn ~2
        """,
    },
    "abduction": {
        "strong": """
            {who} take/snatch/grab/kidnap {child}/them/him/her wont/without/abroad/refusing/country/airport/passport ~4
            have/got/taken my {child}/kids/baby driving/airport/ferry/passport/border ~3
            driving/going/heading to airport/ferry/border with/kids ~2
            {who} snatch/kidnap {child}/them/him/her
            {partner} have taken {child}/them/him/her ~0
            wont/refuse/hasnt/dont/not/never give/bring/return/hand them/her/him/kids/baby/{child} back/home/over ~2
            wont/hasnt bring/brought/give/given/return him/her/them/kids/back ~1
            take/taking/took/taken/fly/flying/flee/going/leave/leaving/move kids/children/baby/him/her/them/my/the/son/daughter/with/out/of/to abroad/country/overseas/pakistan/india/poland/egypt/romania/turkey/nigeria/somalia/iraq/bangladesh/morocco/dubai/algeria without/and/never/not/tonight/tomorrow/wont/my ~5
            take them/her/him/kids/children/me/us abroad/country
            take me/us/him/her away from/abroad/country ~1
            take me/us/him/her away scared/never/forever ~2
            passport/passports gone/missing/taken/stolen/packed/disappeared and/kids/his/her ~1
            abduct/abducted/abducting/abduction/kidnap/kidnapped/kidnapping/snatched/snatch
            collected/picked/took from school/nursery by someone/stranger/man/ex/not/without/him/who ~3
            man/someone/stranger/van/car tried/try/trying/grabbed/pulled/asked/told/offered to/take/grab/snatch/get/her/him/my/a/child/me child/daughter/son/kids/in/into/boy/girl car/van/grab/take ~3
            not letting/let me go/leave/out/come home/house/back ~1
            at the airport now/with/and/they ~1
            on way to airport ~1
        """,
        "same_day": "take my kids away ~1;wont let me see my kids/son/daughter/children ~2;contact order;breach court order ~2",
    },
    "weapon": {
        "strong": """
            have/got/carry/with/hold/pull/bring/keep/hide/find/wave/swing/grab/take/buy/show {weapon} ~1
            {who}/{child}/{sib}/{friend} got/have {weapon} ~0
            {who}/{child}/{sib}/{friend} {weapon} ~1
            outside/street/school/park/door with {weapon} ~1
            threaten/chase/came/come/at/stab me/him/her/us/mum/{child} {weapon} ~3
            threaten with {weapon} ~1
            waving/pulled {weapon} ~2
            knife/blade/machete/gun/shank/zombie in/under/on/to/at/at/from/out/round/under his/her/my/bag/school/coat/waistband/bed/room/throat/neck/me/trousers/mattress/sock ~3
            stab/stabbed/stabbing/stabs/shanked/cheffed/chinged/dipped/splashed/bored/shot/shooting {whom}/up/someone/person/people/somebody/boy/last/in/outside/friend/youth ~2
            been/got stabbed/shanked/cheffed/chinged/merked ~0
            they/he/had/with/lads/boys knives/machetes ~1
            going/gonna/want/will/wants/said/says/threatened/threaten to/get/him/me/kill/stab/shoot/shank/merk/duppy/dip/splash/chef/wet stab/shoot/shank/merk/duppy/stabbed/shot/chef/wet/bun ~3
            kill/murder {whom}
            {who}/dad/ex/he/they/she/someone kill/murder {whom}
            threat/threats/threatened/threatening/threatens to/of/my kill/life/death/stab/shoot/burn/acid ~2
            death threats/threat
            machete/machetes/zombie knife/samurai/sawn off/shotgun/handgun/firearm/pistol/glock/zombie/rambo knife
            knife attack/fight/point
            at knifepoint/gunpoint
            acid attack/attacked/thrown/threw/in/on face/attack/him/me
            petrol/lighter/match bomb/through/letterbox/on/over house/me/door/letterbox/us ~2
            got/carry/have/packing shank/nank/rambo/skeng/ting/burner/mash/stick/leng/ramz/chete/zombie
            opps/ops after/looking/outside/found/know/want/catch/waiting/chasing/got me/him/us/school/my ~2
            beef with/between/and/over gang/opps/boys/lads/older/area/stabbed/knife/shank/block/ends/carrying/him ~4
            wont leave house without knife/blade/shank/protection/carrying ~3
            burn/set house/flat/me/us down/fire/alive ~2
            set fire to ~0
        """,
        "weak": "stabbed;shooting;knife;gun;machete;blade;shank;weapon;strapped up;kill",
    },
    "allegation_professional": {
        "strong": """
            {staff} {hit}/{grip}/touch/touched/kiss/kissed/slap/slapped/abuse/restrained/raped {whom}/pupil/pupils/students ~0
            {staff} hurt/hit/push/shake/slap/smack/grab/drag/force/shout/lock/scare/threaten/touch/kick/restrain/bruise/pull him/her/them/child/kids/me/son/daughter/us/arm/hair ~0
            {staff} message/messages/messaging/texting/texts/snapchats/dms/snapchat/adds/added/follows/contacting/gave/gives/asks/asked/bought/buys/invites/invited/meets/meeting/sends/sent/rings me/my/her/him/girls/pupils/students/daughter/son/pupil/kids/children/private/number/gifts/alone ~2
            ta/tas hit/hurt/push/pull/shake/slap/smack/grab/drag/kick/restrain/bruise/touch/touched/kiss/kissed/lock/locks/message/messages/sends/sending him/her/them/child/kids/me/us/my/pupil/girls/son/daughter ~0
            ta/tas alone/weird/inappropriate with ~0
            {staff} weird with ~0
            coach/teacher/tutor/carer weird/creepy with/to {child}/me/him/her/us ~1
            {staff} weird/creepy/inappropriate/rough/handsy/flirting/flirts/pervy/touchy/drunk with/to/towards/around/on {whom}/kids/girls/boys/duty/shift/work/pupil ~1
            {staff} alone with me/him/her/{child} ~1
            {staff} drunk/high ~0
            {staff} relationship/affair/sex/sleeping/dating with/pupil/student ~3
            allegation/allegations/complaint/concern/concerns against/about/regarding/re a/the/member/staff/my {staff}/staff/member/foster/professional/colleague/social ~3
            foster carer/carers/mum/dad/parents/family/father/mother {hit}/{grip}/touch/shout/lock/hurts/abuse/abusing/dont/wont/starve/mean ~2
            my foster carer/mum/dad hit/hits/hurt/hurts/touch/touches/locks/shouts/scares ~1
            {staff} hits/hit/hurts/hurt/slaps/slapped/shoves/dragged ~0
            colleague/staff/worker/officer/policeman/copper hit/hurt/slap/grab/drag/push/shout/rough/handled son/daughter/child/children/kid/resident/pupil/him/her/baby ~3
            lado
            position of trust
            staff conduct/suitability/allegation
            sir/miss/mr/mrs {hit}/touch/grab/grope/message/kiss/pushed/grabbed me/her/him/us ~2
            social worker {hit}/hurt/touch/grab/shout/threaten/messages/rough ~2
        """,
        "same_day": "teacher shouted/shouts/screamed/screams at ~2;unhappy/worried about how staff/teacher/nursery treat/treated/treats/handled/handles ~3",
    },
    "adult_at_risk": {
        "strong": """
            nan/nana/gran/grandad/grandma/grandmother/elderly/old neighbour/robbed/conned/scammed/neglected/starved/exploited/cuckooed/hit/bruised/hurt ~2
            take/takes/taking/took/steal/steals/stealing/stole nan/nans/grans/her/his/their/grandads/uncles/sisters/brothers/disabled money/pension/benefits/card/pip ~2
            carer/carers rough/steal/stealing/hits/hit/hurts/neglect/shout/shouts/abuse/mean/nasty/leave/leaves/left to/with/at/him/her/my nan/gran/mum/dad/grandad/brother/sister/uncle/him/her ~3
            adult safeguarding
            safeguarding adult/adults
            vulnerable adult/man/woman/neighbour
            care home staff/neglect/bruises/hurt/hit/rough/abuse ~2
            learning/disabled/disability adult/brother/sister/disability/man/woman/difficulties being/taken/abused/exploited/money/used ~3
            self neglect/neglecting/hoarding
            hoarder/hoarding
            cuckooed
            elder abuse
        """,
    },
    "mental_health_admission_risk": {
        "strong": """
            sectioned/sectioning ~0
            section him/her/me/son/daughter ~0
            going/gonna/might/may/want/wants/be to/get/be/him/her/me sectioned/section/admitted/inpatient/hospitalised ~2
            tier 4 bed/unit/admission
            tier 4
            mental/psychiatric hospital/ward/unit ~0
            meltdown/meltdowns/outbursts dangerous/violent/worse/hurting/unsafe/daily/severe/can/hurt/hitting ~3
            cant/not/struggling keep him/her/them/my {child} safe ~1
            cant/not keep him/her/them/kids safe ~0
            placement break/broken/breaking/broke/breakdown/fallen/ending/falling/failing down/apart/through ~1
            autistic/autism/asd/ld/pda meltdown/crisis/sectioned/hospital/dangerous/violent/burnout/hurting/suicidal/restraint/harming ~5
            back/go/going/admitted/in/into to/a/the/psychiatric/mental unit/ward/hospital psychiatric/mental/ward/unit/section/camhs ~2
            psychiatric/mental hospital/unit/ward admission/inpatient/bed
            crisis team/bed
            dsr red/amber/register
            dsr/cetr/laep/ctr
            2/3 to 1 observation/obs/support
        """,
    },
    "harassment_stalking_home": {
        "strong": """
            neighbour/neighbours/they/someone/people/gang/lads/man/youths/kids/group threaten/threatened/threatening/threatens/attack/attacked/attacking/smash/smashed/throwing/threw/harass/harassing/abuse/abusing/intimidate/intimidating/target/targeting/targeted/spat/egged us/our/my/me/at/windows/window/house/door/kids/family/stones/bricks/eggs ~3
            hate crime/incident/incidents
            racist/racially/homophobic/transphobic/islamophobic/antisemitic abuse/attack/neighbours/neighbour/graffiti/abused/attacked/bullying/harassment/abusive ~1
            brick/bricks/firework/fireworks/egg/eggs/paint/dog/petrol/excrement/stone/stones through/at/on/thrown/threw window/letterbox/door/house/windows/us ~3
            follow/follows/following/followed me/us/her/him/home/my
            someone/man/guy/he/car/van keeps/following/watching/waiting/parked/stalking/turning/outside me/us/up/my/our/house/school/home/her/him/for/outside ~2
            stalked/stalker/stalking me/us/her/him
            waiting for me/us/him/her outside/after/at school/gate/gates/house/home ~1
            jump/bang/beat/batter/stab/get/kill me/him/us after/outside/tomorrow school/monday/gates ~2
            going/want/will jump/beat/batter/stab/kill me/him/us ~2
            osman warning
            turn/turns/turning/turned/show/showing up at my/our/house/home/work/school/the ~1
            firebomb
            afraid/scared/frightened to/of leave/go/be/neighbours/neighbour/in out/house/home/own/them/us ~2
        """,
    },
    "bullying": {
        "strong": """
            bully/bullied/bullying/bullies/bullys
            pick/picks/picking/picked on me/him/her/my/by/at
            call/calls/calling/called me/him/her names/fat/ugly/gay/slag/freak/retard/nonce at/in/school/every/everyday ~3
            no one likes/talks/sits/plays with/to/me/him/her ~1
            leave/leaving/left me/him/her out on/of/purpose/everything/games ~2
            made/make/making a/fake/group account/chat/page/tiktok about/of/me/him/her ~2
            spreading/spread/spreads rumours/lies/stuff about
            tell/told/telling/say/said me/him/her to/go kill/die/kys/hang/end myself/himself/yourself/herself ~3
        """,
        "same_day": "jump/batter/beat/kick/punch/attack him/her/me/up/at/outside/by/in school/park/lads/boys/girls/gate/bus/year/toilets/toilet/playground ~3;everyone hates me;beaten up;beat up;punched him/her/me at/in ~1;scared/afraid/frightened/terrified to/of/go go/school/at/in ~1;refuses/wont/refusing to go to/school bullied/bullying/scared ~4",
    },
    "death_of_child": {
        "strong": """
            not/isnt/stopped/stop/cant/wont/arent/barely/hardly/struggling/hasnt/trouble breathe/breathing/breath
            wont/cant/isnt/not/never wake/respond ~1
            cant wake him/her/baby/them/mum/dad ~1
            isnt/not moving ~0
            be wont wake ~0
            unresponsive/unconscious/collapsed/lifeless/limp/floppy/choking/seizure/convulsing/drowned/electrocuted ~0
            {who}/{child} drowning ~0
            {who}/{child} be fitting
            {child}/he/she/lips/face/mum/dad gone/going/turned/turning/went/looks/is blue/grey/floppy/stiff/limp/purple ~1
            baby blue/floppy/limp/stiff/cold ~1
            {child}/baby/son/daughter/toddler/sister/brother/kid die/died/dead/passed/dying ~2
            is/shes/hes/theyre/think/thinks/he/she/look/looks dead/dying
            found dead/hanging/hanged/unconscious/collapsed/unresponsive/blue ~2
            cot death
            sudi/suid/sids/sudic
            doing/giving/need/do cpr
            no pulse/heartbeat/breath
            having/had/has fit/seizure/stroke
            having/had/has another fit/seizure/stroke
            bleeding/blood/bleed everywhere/out/lot/won't/wont/loads/badly/heavily/stop/lots/to ~2
            call/need/send/get/want/ring/phone/please/us an/me/the ambulance/police/999/paramedics/fire/polis ~2
            house/flat/home/kitchen/its on/is/caught fire
            smell gas
            fell/fallen/jumped/thrown out/from/off of/the/a window/balcony/roof/stairs/bridge ~2
        """,
        "same_day": "died ~0;dead ~0;stillborn ~0;funeral ~0;passed away ~0",
    },
    "perpetrator_self_report": {
        "strong": """
            i/ive/ill/im/mite/might/going/gonna/want/afraid/scared/to/nearly/almost/could/just {hit}/{grip}/hurt/harm/kill/smother my/the/our/him/her/them/baby/a {child}/kids/children/baby/son/daughter/them/him/her/toddler/wife/partner/girlfriend ~2
            i {hit}/{grip} him/her/kids/baby/children/wife/girlfriend/partner ~0
            i lost/lose/losing/snapped/snap my/it/control/rag/temper with/at/and/on baby/kids/him/her/son/daughter/child/them/hit/hurt/smacked/shook/grabbed ~3
            {fear} i/ill/im/of/might/that what might/will/hurt/going/do/shake/hit/kill/snap/harm baby/kids/him/her/them/son/daughter/child/something/someone/to ~3
            {fear} ill/i/might/of hurt/hurting/shake/shaking/hit/hitting/kill/harm/harming/smother him/her/them/baby/my/someone/kids/people/myself/somebody ~2
            about to/gonna/going hurt/snap/lose/hit/shake/harm/throw/kill him/her/it/them/baby/my ~1
            cant stop hitting/hurting/shouting/screaming/thinking/smacking at/about/my/him/her/kids/them/children ~1
            feelings/thoughts about/for/towards boys/girls/kids/children/child ~2
            attracted to/by children/kids/boys/girls/minors/child/little ~2
            sexual/bad/wrong/dirty thoughts/feelings/urges about/towards/for/of children/kids/child/boys/girls/stepdaughter/daughter/son/my/minors/niece ~2
            looked/look/download/watch/view indecent/illegal/porn/sexual/abuse/naked images/pictures/child/children/kids/videos ~2
            images/pictures/videos/porn of child/children/kids/minors naked/abuse/sexual/illegal ~3
            illegal/indecent/abuse images/pictures ~0
            i look/watch child/kids/underage porn ~2
            i touched/abused/raped/molested/groomed a/my/her/him/child/some ~2
            i did/done/do something bad/terrible/awful/wrong/sexual to/with/a kid/child/him/her/my/brother/sister/someone ~3
            i think/hurt/ive i hurt/broke/broken/killed/injured my/the/him/her/baby/his/son/daughter ~1
            want to/i throw/shake/hurt/hit/smother/kill/drown/strangle baby/him/her/kids/them/child/people/someone ~2
            want to hurt/kill/stab people/someone/everyone/somebody/him/her/them/my/others
            going/gonna/about to kill/hurt/murder/stab/batter someone/him/her/them/my/somebody/people/everyone ~1
            handing/hand myself in
            keep me/them/kids/baby away from me/them/kids/him/her ~2
        """,
        "same_day": """
            could/cud kill/strangle/throttle/murder/swing/batter him/her/them/kids/someone/for ~1
            want to kill/strangle him/her/them sometimes
            snap at/with kids/him/her/them/baby ~1
            shout/shouting/yell/screamed/scream at my/the/kids/him/her/them/baby all/too/lot/every/constantly ~2
            losing/lose/lost my/the/it temper/rag/patience/control/it with/at ~1
            smack/smacked/tap/tapped him/her/them/legs/my/bum/hand ~1
            had to walk/leave away/room/before/because/so ~2
            intrusive thoughts
        """,
    },
}

SILENT_HELP: Mapping[str, Mapping[str, str]] = {
    "physical_abuse": {
        "immediate": """
            help me please
            please help me now/quick/hurry/im/he/she/scared ~1
            please/plz help hes/shes/hell/theyre/now/quick/hurry/scared/danger ~1
            someone help me/us
            anyone help me/us
            save me/us
            rescue me/us
            sos
            i/im/we/were/shes/hes/are/am in danger
            in danger
            not/isnt/dont/never feel safe ~0
            i/we/she/he/they/kids not/isnt safe ~1
            not/isnt safe here/now/tonight/home
            unsafe at/here/in/home/with
            feel/feeling unsafe
            get me/us out of/here/please
            i need to get out/away/help now/quick/fast/before/of/here/from ~1
            need police/ambulance/999/help now/quick/urgent/asap
            call/ring/phone/get/send police/999/polis
            dont/cant/please tell/ring/call/contact/phone/let/message mum/dad/parents/stepdad/home/him/husband/partner/family/house ~1
            cant/dont talk/speak/type/say/ring/chat right/now/hes/shes/theyre/he/she/they/loud/out/here/anymore/with/someone here/now/listening/back/watching/coming/loud/in/home/room/downstairs ~2
            cant talk/speak/say now/here/much/loud/right/long ~1
            cant talk hes/shes/theyre/dad/mum/he ~1
            hes/shes/dad/mum/stepdad/they/theyre/he coming/back/home/here/watching/listening/outside/awake got/gotta/go/bye/have/now/cant/delete/quick/upstairs/hide ~2
            go/bye hes/shes/theyre awake/up/back/home/here/coming/watching ~0
            he/they/she/dad/mum find/see/read/found my messages/message/texts/phone/chat ~0
            {who} watching/listening ~0
            cant type/write/text ~0
            got/gotta/have/need/must to/go/bye hes/shes/theyre/dads/mums/hell/stepdads/he back/coming/home/here/up/awake/watching/in/see ~3
            he/she/they/dad/mum/stepdad/husband know/knows/knew/found/heard/saw/see/sees/seen that/out/i/ive/me/we/my/what/this told/tell/said/texted/text/messaged/messaging/wrote/rang/phoned/talking/spoke/on/here/spoken/called ~3
            he/she/they/dad/mum/stepdad know/knows i told/talked/said/spoke
            scared/afraid/frightened/terrified/worried/dont what/happen/hell/theyll/know/of to/what/hell/shell/theyll/happen do/happen/hell/get/if/when/find/me/home ~3
            what happens/will/would if he/she/they/dad/mum find/finds/found/know/knew out/i/im ~2
            something bad/terrible/awful is/has/will/going/gonna/might to/happen/happened/happening ~2
            hiding in/under/from/upstairs/behind/at my/the/him/her/them/bed/cupboard/wardrobe/bathroom/room/toilet/dad/mum/shed ~1
            im/were/we/i hiding
            hurry up/please hes/shes/before/quick/they/scared/now/coming ~1
            red/yellow/code word blue/ani/zoo ~2
            ask for ani
            signal for help
        """,
        "same_day": """
            something is wrong at/with home/him/her/them/next ~2
            something/things not/isnt right/ok ~0
            isnt right at home
            probably/probly/prob/prolly/maybe/might nothing but/and/just/its ~1
            its nothing/prob/probably but ~1
            something bad happened
            something happened to/at/with/me/and/last/when/that ~0
            promised/made not to tell ~1
            promised/promise tell ~2
            know/see what happens here/home/at ~1
            cant tell anyone/you/u/any/people/mum/dad/no ~1
            not/dont/no allowed/meant/supposed/sposed/want to/tell/say/talk/speak/get tell/say/talk/speak/trouble/anyone/him/about/in ~2
            get/getting/be in/into trouble/done if/for/i/he/she/they/when tell/told/say/said/find/know/talk/telling/out ~3
            keep/keeping/kept/have/got/big/bad/a a/secret/it/to secret/tell/told ~2
            will you/u tell my/mum/dad/parents/anyone/him/them/him ~1
            who/do/does will/you/u/see/read/sees/tell/parents parents/mum/dad/this/know/tell find/out/this/see ~2
            asking for a friend
            no one believes/believe/listens/would/will me/us/him/her/believe ~1
            its happening/happened/started/starting again ~1
            again last night
            it happened again
            he/she/dad/mum/they did/does/done it again ~1
            make it/him/her/them stop
            i want it/him/them/this to stop
            please make it/him/them/her stop
            please stop him/them/her ~0
            i dont want/wanna to/go home/back/there/dads/mums/his/hers ~2
            dont/wont/not/doesnt want/like/wanna go/going/to/be/being home/back/dads/mums/there/contact/stay ~2
            dont want to see/stay/live dad/mum/stepdad/him/her/with ~2
            can i/you/u/someone stay/sleep/live/take/come somewhere/elsewhere/away/get/me/with else/here/away ~2
            please dont ring/call/phone/text/tell/come ~0
            worried about child/kids/children/baby/girl/boy/little next/door/street/neighbours/neighbour/friend/friends/mate/class/down ~2
            worried for his/her/their/the/my/kids safety/life/welfare/children/kids/baby
            worried sick about
            gut feeling/instinct
            screaming/crying/shouting/banging/bangs/screams/thuds/rows next/all/every/coming/from/through/upstairs/in door/night/wall/house/flat/walls/neighbours ~2
            crying/screaming baby/child/kid/kids all/for/every/next/constantly/hours night/day/hours/door ~2
            baby/child/kid/kids/toddler/children cry/crying/cries/scream/screaming/screams all/for/every/next/constantly/nonstop/hours night/day/door/hours/time ~2
            withdrawn/quiet/jumpy/clingy lately/suddenly/recently/since ~1
            isnt himself/herself ~1
            gone quiet
            withdrawn/jumpy ~0
            never see/seen kids/child/children/him/her/baby outside/out/playing/anymore/outdoors ~2
            hasnt/not/havent been/seen/see kids/child/children/him/her/them/school for/in/since/at weeks/days/ages/months/while/school ~3
            safeguarding/cp/child concern/concerns/issue/referral/worry/protection/disclosure/matter ~0
            disclosure/disclosed/disclosing
            wont/wouldnt/refuses/refuse/refused to/let/lets/open/us/me/answer in/door/see/seen/visit/child/baby/kids ~2
            no access visit/visits/x2/x3
        """,
    },
    "missing_child": {"same_day": "is it legal to leave home ~1;how old to leave home ~2;cant stay here/home ~1"},
}
"""Calls for help that name no harm. Kept under the indicator whose duty worker and wording fit a danger not yet known."""

ALONE: Mapping[str, Mapping[str, str]] = {
    "physical_abuse": {
        "immediate": """
            999;999999;99 9;9 99;9 9 9 ~0;nine nine nine ~0
            sos;s o s ~0
            call/ring/phone/send/get/need police/ambulance/paramedics ~1
            police/ambulance now/quick/quickly/fast/please ~1
        """,
        "same_day": """
            help me/us please/now/quick/quickly/fast ~1
            please help me/us ~0
            please/plz come/hurry quick/quickly/fast/hurry/now/soon ~1
            please hurry ~0;hurry up please ~0;come quick ~0
        """,
        "emergency": "house/flat/home/caravan/bedroom/kitchen/bed/sofa/curtains on fire ~1",
    },
    "child_self_harm_suicide": {
        "emergency": """
            drank/drunk/swallowed/necked/downed/eaten bleach/antifreeze/weedkiller/poison/acid/petrol/detergent/battery/batteries/magnets ~1
            jump/step/throw/walk off/infront/under/from bridge/train/trains/roof/bus/lorry/building/cliff/flats/window/balcony/traffic/park ~3
            jump/step/walk in front of train/trains/bus/lorry/car/traffic ~2
            going/go to jump ~0;about/gonna/want/wanna/will/ready to jump ~0;about jump ~0
            on top/edge/ledge of/at car/multi/multistorey/building/cliff/flats/bridge/roof park/storey ~3
            on top/edge/ledge of/at multi/multistorey/building/cliff/flats/bridge/roof ~2
            by/near the train/railway tracks/line ~1
        """,
        "immediate": """
            im on/at tracks/railway/bridge/roof/rooftop/ledge ~1
            standing on/at tracks/railway/bridge/roof/rooftop/ledge ~1
            kms ~0
            tell my mum/dad/mam/nan/family/kids/girlfriend/boyfriend i love/loved him/her/them ~1
            last/final message/text bye/goodbye ~0
            i wish i be dead ~1
            better off dead/without me ~1
            no one will/would miss me ~1
        """,
    },
    "death_of_child": {
        "emergency": """
            fell/fallen/fall in/into pond/canal/river/pool/lake ~1
            pulled/pull/dragged him/her out pond/canal/river/pool/lake/bath ~3
            he/she/lips blue/purple ~0
            having/had/has fit/seizure ~1
            {child}/he/she/{sib} fitting ~0
            fitting for {num} minute ~1
            fitting ten/five/{num} min/mins ~1
            {child}/he/she/{sib}/baby choking ~0
            choking on grape/sweet/food/apple/bone/toy/coin/marble/sausage/lego/meat/hotdog ~1
            fell/fallen/jumped out/from/off window/balcony/roof ~2
            boiling/scalding/hot/kettle/pan water/tea/coffee/oil/fat/soup all/over/on/down him/her/baby/face/legs/leg/arm/himself/herself/front/me ~3
            kettle/teapot/pan/chip all/over/on/down/onto him/her/baby/face/legs/himself/herself/front/toddler ~3
            swallow/swallowed batteries/battery/magnet/magnets/bleach round/button one from remote/toy/watch/key/fob ~3
            swallow/ate/eaten/drank/drunk methadone/antifreeze/pesticide/magnets ~2
            swallow/swallowed/ate/eaten/drank/drunk methadone/rat/slug/dishwasher/laundry/vape/capsule/antifreeze/turps/pesticide poison/pellets/tablet/pod/liquid ~2
        """,
    },
    "perpetrator_self_report": {
        "immediate": """
            want/wanna/going/gonna/might/feel/about to/like smother/suffocate/drown/shake/strangle/hurt/harm/throttle/hit baby/newborn/kids/children/{child} ~2
            want/going/might/about smother/suffocate {kidobj} ~2
        """,
        "same_day": "i hate my baby/newborn ~0",
    },
    "missing_child": {
        "emergency": """
            {child}/{sib} missing/vanished/disappeared ~1
            {num} year missing/vanished/disappeared ~2
        """,
    },
}
"""What is plainly danger where it is the whole message, as somebody in danger types it. Models have read little that is so
short; elsewhere the same words stand in advice, in a price, in a reference or in a story."""

AROUND_ALONE = (
    "please thanks help hello hi hey ok um oh x xx now right here quick quickly fast hurry asap urgent urgently emergency i me us we "
    "need want call ring phone dial text get send come ambulance police fire can could someone somebody anyone a an the to "
    "for am are he she they dad mum stepdad coming back again sos scared "
    "my our his her their is has have just been and it its im ive hes shes theyre omg god old little baby toddler son daughter "
    "child kid boy girl brother sister mam nan friend mate think what should do lol haha jk tonight wanna gonna going so bad rn"
)
"""Words that may stand around it."""

AROUND_TOLD = "{num} year month week min minute hour one two bye goodbye before never done only keep listening put sorry really"
"""Words that may stand around it too, but not around a call for help or one word: "999 years" is none."""

CALL_FOR_HELP = "physical_abuse"
"""The indicator under which bare calls for help stand in `ALONE`."""

PLAIN: Mapping[str, Mapping[str, str]] = {
    "physical_abuse": {
        "immediate": "{who} lock/shut/chuck me/us in shed/cupboard/cellar/garage/cage/kennel/crate/outhouse ~2",
    },
    "allegation_professional": {
        "immediate": "carer/keyworker/staff/worker/coach/teacher/tutor get/climb/come/sleep in/into bed with me/us ~5",
    },
}
"""Plainly danger wherever it stands: what a model makes of the sentence around it does not calm it. Very few."""

NOT_DANGER: Mapping[str, str] = {
    "none": """
        feet/back/head are killing me ~0
        killing me after the school/run/walk/day ~1
        can/could/will/would/someone/anyone/somebody/anybody/you help me/us please/now
        can/could/will/would/someone/anyone/somebody/anybody/you please help me/us
        vanished all/the biscuits/cake/food/sweets ~0
        {num} year old has vanished all/the ~0
        ran out of nappies money ~0
        unconscious bias
        got/get hammered at/in/by football/rugby/cricket/{num} ~1
        shot up inches/like/two/{num} ~1
        dying to start/go/see/meet/try
        wifi/broadband/internet/signal/phone dead/down/died ~0
        killer on/at dance/floor/smile/heels/queen/whale
        killer whale/heels/sudoku
        stabbed/stab potatoes/potato/sausages/meat
        slapped some/paint/suncream/makeup/cream ~1
        wall/walls/punches in minecraft/roblox/fortnite
        punches walls in minecraft/roblox/fortnite/game
        dont feel its safe to let ~0
        {num} minutes/hour/minute alone ~0
        images of childrens bedroom/bedrooms/clothes/drawings ~0
        pulled a face/muscle/cracker/tooth/sickie
        want to die/dye my/her hair ~0
        die my/her hair ~0
        kill for a/night/sleep/coffee/cuppa ~1
        knife skills/block/rack
        drowning in washing/paperwork/nappies/homework/work/laundry
        play/plays/playing/plays witch/villain/wolf/devil/angel/fairy ~1
        watch/watched/watching home alone
        killing me after/from/with ~0
        cold is it
        name call me by ~2
        ran/run out of nappies/wipes/ideas/time/patience/steam/uniform
        hasnt/not/never come home with ~0
        hasnt come home his/her/with pe/coat/kit/bag ~2
        cash/funds withdraw/withdrawn/withdrawal
        withdraw/withdrawn/withdrawing/withdrawal cash/money/from/funds ~2
        come/brought/got/sent home pe/kit/coat/bag/homework/letter/reading/jumper/lunchbox/book/certificate ~3
        come home from nursery/school happy/tired/smiling/fine ~2
        take/get/pick/drop/bring/taking kids/children/him/her/them swimming/park/school/nursery/holiday/out/zoo/dentist/doctors/club/group ~2
        take kids/children/him/her/them out/to/from/up of/school/park/nursery/swimming/zoo/dentist/doctors/club/group ~1
        take/taken this year/week/month
        physical card/copy/education/activity/health/therapy/disability
        whats the point of life/an/identity
        whats the point in/of check/card/homework/gcses/pin ~2
        noise/make noise
        follow me/us on twitter/instagram/facebook/insta/social ~1
        set/reminder reminder
        hit/hits/hitting target/targets/milestone/milestones/gym/road/roof/jackpot/headline/headlines/shop/shops/town/ball/brakes/button/sack/hay/send/snooze/deadline/spot/books/goals/goal/six/nail/note/ceiling/pause/play/drum/drums/buffers/snag/wall/bottleneck ~1
        hit a rough patch/spot
        hit a bad patch
        hit rock bottom
        hit it off
        hit me up
        it hit me/us/him/her hard/like ~1
        big/smash/massive/greatest/huge hit
        hit the nail on head ~1
        hit head on/in/at door/playground/pe/slide/climbing/trampoline/football
        beat {whom}/his/her/their/my personal/own best/record/time/score ~1
        beat {whom} at chess/fifa/football/cards/uno/monopoly/tennis/pool/mario/minecraft/fortnite/darts/scrabble/snooker/golf/netball/rugby/swimming/running/kart/connect/maths/basketball/badminton/bowling/game/games/it ~1
        beat {whom}/me/us/him/her in race/final/match/game/quiz/cup/league/competition/sprint/semi/tournament/cross/relay/election ~2
        beat {whom} to it/top/remote/bathroom ~0
        beat {whom}/us/them {num}
        beat them/us/him/her by {num}/points/goals/mile/goal/seconds/second
        beat the game/level/boss/rush/traffic/queue/clock/odds/record/score/heat/eggs/computer/bully/habit/cancer/blues/system/time
        beat personal best
        beat the eggs/egg/butter/cream/mixture/batter
        heart/drum/drums/music/egg/eggs beat/beats/beating
        beat of drum/music/song
        smashing/smashed/smash it/his/her/exam/exams/test/gcses/school/tests/sats/pancake/avocado/burger/potatoes/interview
        killed/killing/kill it/time/two/vibe/mood/germs/bugs/weeds/joke/buzz/battery/zombies/dragon/boss/monsters/enemies/creeper/nits/mould/bacteria
        kill/killed {num} players/zombies/baddies
        my feet/back/head/legs/shoes/knees/teeth/heels be kill/killing me
        killing me with laughter/kindness
        joke/film/laughing/heat/suspense/hayfever/diet/stairs/wait kill me ~1
        shoot/kill/stab zombies/baddies/aliens/players ~2
        feet/back/head/knee/tooth/shoes kill/killing me/him/her
        die/dying/died/dead of/from/with embarrassment/laughter/boredom/laughing/curiosity/cringe/heat/shame/excitement
        die/dying laughing
        die/dying to meet/see/know/go/get/try/hear/tell/find/play
        phone/battery/tablet/laptop/signal/internet/car died/dead/dies ~0
        game/match/session/film/photo/flu/gp/nurse shot ~2
        shot at/for flu/gp/doctor/goal/nurse/vaccine/surgery/job ~2
        killed it ~0
        gang of mates/friends/lads/mums/girls/kids ~1
        dead good/funny/nice/easy/proud/chuffed/helpful/end/line/leg/quick/simple/excited/tired/busy/kind
        goldfish/hamster/fish/pet/cat/dog/rabbit/budgie/plant/broadband/car dead/died/dying/die ~1
        dead car/battery/phone
        car battery ~0
        hamster/goldfish/dog/cat/rabbit/guinea/fish/pet/budgie/tortoise/pig die/died/dead ~1
        dead battery/phone/sea/hamster/goldfish/fish/plant
        knocked me/him/her dead/off/feet
        drop dead gorgeous
        scared/afraid/frightened/terrified of dark/dogs/dog/spiders/spider/injection/injections/needle/needles/dentist/heights/thunder/fireworks/monster/monsters/clowns/water/failing/bees/wasps/hoover/ghosts/lifts/change/balloons/toilet/slide/exams/exam/swimming/flying/dinosaurs/stairs/loud/cats/public/balloon/handdryers/bath
        scared/afraid/frightened/nervous/worried to/of/about go/start secondary/big/nursery/reception/college/high/new ~2
        scared to go to big/secondary/high/new school
        shank/leg/shoulder/rack of lamb/beef
        lamb shank/shanks
        roast/corned/minced/mince/topside/stew beef
        beef burger/burgers/stew/joint/mince/wellington/jerky/lasagne/pie
        knife and fork
        use/using/hold/holding/held/holds a knife and fork/spoon ~0
        found/have/with/using butter/bread/palette/plastic knife ~1
        butter/kitchen/bread/palette/plastic/stanley/pizza/cheese/cutting/vegetable knife/knives
        knife to/for cut/spread/butter/chop bread/toast/veg/vegetables/food/sandwiches/cake ~1
        nerf/water/toy/bubble/glue/staple/heat/spray/laser/gun gun/guns/pistol
        gun fingers
        toy gun/guns/sword/knife/weapons/knives
        sword/gun/weapon in fortnite/minecraft/roblox/game/cod/zelda
        acid reflux/rain/test/drop/drops/jazz/attack-free/folic/citric
        folic/citric/amino/stomach/hyaluronic acid
        {anyone} attack/hay/asthma/panic/heart/sugar/snack/angina attack
        panic/heart/asthma/gout attack/attacks
        shot of espresso/vodka/coffee/insulin
        flu/mmr/covid/jabs/jab/school/booster/vaccine/polio shot/shots
        jabs/shot/injection/injections hurt
        school/photo/video/film/star/goal/fashion/family shoot/shooting/shot/shots
        shooting/shot star/hoops/goals/pool
        bit/bite/bitten/bites nails/tongue/lip/finger/bullet/apple/biscuit
        bitten by mosquito/dog/insect/horse/tick/cat
        bit of
        push/pushed/pushes/pushing {whom}/him/her/me/us/them in/on/the/to buggy/pram/pushchair/swing/wheelchair/trolley/trike/bike/swings/limits/potential/try/harder/succeed/achieve ~1
        push/pushing for/back/up/ups/chair/bike/button/buttons/boundaries
        push me/him/her to do/be/study/work/try
        throw/throws/threw/throwing ball/party/parties/tantrum/tantrums/up/sick/away/net/birthday/surprise
        throwing/threw/throw {whom}/him/her/me/us a/birthday/surprise/leaving party/birthday
        shake/shakes/shaking hands/hand/head/milk/maracas/rattle/bottle/it
        milk/protein/hand shake/shakes
        grab/grabbed/grabs a/some/coffee/bite/lunch/seat/snack/minute/cuppa/drink/chance ~1
        burn/burnt/burned toast/dinner/calories/energy/mouth/tongue/cakes/cake/candle/candles/incense
        sun burn/burnt
        burnt/burned out
        kick/kicked/kicks/kicking ball/football/about/bucket/started/start/habit/footy
        kick a ball
        baby/bump be kick/kicking/kicks me/lots/loads/today/well/now/all ~1
        baby kick/kicks/kicking
        punch/hole/fruit punch/pocket
        belt and braces/seat/car/conveyor
        seat/safety/conveyor/black/yellow/brown/green/karate/judo belt
        karate/judo/taekwondo/boxing/martial/mma/wrestling/rugby class/classes/club/lesson/match/training
        {hit} {whom}/him/her/me in karate/boxing/judo/sparring/rugby/football/training/cricket/hockey
        smack talk/bang
        cane/brown/icing sugar
        cane sugar/furniture
        choke/choked/choking on words/tears/emotion
        dead on my/his/her/our feet ~0
        worker/sw/officer/team/council/gp/nurse dont/wont/never/hasnt ring/rang/rung/call/called/text/texted/message/messaged/reply/replied
        worker/sw/officer/team/council/gp/nurse dont/wont/never/hasnt ring/rang/rung/call/called/text/texted/message/messaged me
        push/pushed/pushing pram/buggy/pushchair/trolley/wheelchair down/up/along/over ~1
        {who} stab/stabbed/shot/shoot/kill/killed him/her/them in film/movie/book/play/show/game/episode ~1
        bruise/bruised/bruises from/in/playing/after/at football/rugby/falling/bike/pe/trampoline/skateboard/scooter/skating/climbing/netball/hockey/gymnastics/vaccine/blood
        bruised/bruise knee/knees/shin/shins/elbow/ego/apple/banana/fruit
        cut/cutting/cuts grass/hedge/cake/nails/hair/toenails/umbilical/down/back/costs/hours/funding/paper/shapes/snowflakes/sandwiches/teeth/tooth/fringe/carbs/fingernails/onion/vegetables/out/benefits/budget/pattern/tooth/bread/coupons ~1
        hair/paper/short/price/tax/benefit/budget/funding/crew/power/clean cut/cuts
        cutting edge/teeth/it/fine/corners/tooth/board
        cut/cuts knee/finger/foot/toe/lip on/while/at/playing glass/scissors/cooking/playground/fell ~1
        attack/attacks on goal/the/your/ball
        paper/school/bus/gap/hunger/climate/rail/train strike/strikes
        touch base/wood/screen/rugby/typing/football/test
        keep/stay/in/get in/touch
        touch of
        words/kindness/message/card/gesture/story/song/help/film really touched me/us ~3
        {num} year touched
        lost/lose/losing weight/teeth/tooth/phone/keys/coat/job/jumper/toy/bag/count/form/track/shoe/pe/book/match/game/sleep/card/letter/reading/lunchbox/ticket/password/login
        missing school/you/work/lessons/homework/teeth/sock/shoe/form/pe/her friends/friends/nan/dad/mum/him/appointments/tooth/letter/lesson/coat/lunch
        gang show/of mates/friends/mums
        {who} whole/usual/old gang
        witch costume/outfit/hat/craft/book/story/fancy
        dress/dressed/dressing up as witch/devil/zombie/ghost/vampire/demon/pirate ~1
        halloween witch/costume/party
        room on the broom
        the witch/twits/wizard and wardrobe/lion ~2
        demon headmaster/slayer/dinosaur/barber
        ghost/evil/wicked stepmother/queen in/story/film/panto
        tv/youtube/english/bristol/news/sports/radio/disney/the channel/channels
        channel tunnel/islands/4/5/ferry
        prevent/prevents infection/illness/colds/bedwetting/tooth/nits/falls/spread/rash/him/her/them/this/it/us/me
        travel/blue/christmas/football/party/holiday/hotel booking/book/quarantine/booked hotel/chain
        hotel/hotels for holiday/weekend/break/wedding/disneyland/family ~1
        hotel room/pool/buffet/breakfast/job/work/receptionist
        work/works/job in/at a hotel
        emotional/total blackmail
        guilt/field/school/day trip
        crack/cracked/cracking on/up/job/egg/jokes/screen/time/code/day
        speed/weight/food/data/ground/brown/trip coke
        diet/cherry coke/cola
        food bank/shop/allergy/diary/bag/poisoning
        bean/bin/gym/school/swim/swimming/hand/book/nappy/changing/sleeping/tea/bags bag
        hits/hit different/different
        bombed/bomb the test/exam/bath/interview
        bath/photo/glitter/seed bomb/bombs
        stroke of luck/cat/pen
        stroked/stroke the dog/cat
        fight/fights/fighting fit/infection/cold/off/cancer/for/homework/bedtime/sleep/back/dragons
        fight over/about/with homework/toys/toy/bedtime/remote/tablet/broccoli/dinner/vegetables/ipad/xbox/chores
        play/playing/plays fight/fighting/fights
        pillow/food/snowball/water/play fight/fights
        fire drill/engine/station/truck/fighter/brigade/work/works/place/alarm/safety/pit/stick/sam
        fire service/man
        hurt/hurts/hurting knee/finger/toe/ankle/wrist/foot/elbow/leg at/playing/in/on/from football/pe/trampoline/rugby/playground/falling/gymnastics/netball/park ~2
        hurt feelings/his feelings/her feelings
        hurt my/his/her feelings
        wouldnt hurt a fly
        wont/doesnt/didnt/cant/isnt sleep/settle/eat/nap/latch through/alone/well
        wont sleep/eat/nap/settle/listen/share/wear/sit/brush
        safe journey/travels/weekend/trip
        safe to say/eat/use
        stay/keep safe online/everyone
        internet/online/water/road/fire/gun/home/bike safety
        internet/online safe
        self harm/suicide/bullying/domestic/fgm/gangs/safeguarding/grooming awareness/training/course/assembly/policy/leaflet/poster/workshop/week/prevention/lesson/talk/webinar ~2
        suicide squad/note-free/drink
        suicide/self/domestic prevention/training/awareness
        killed/killing off character/the character
        social worker did nothing/well/great/visit/assessment/good/brilliant/so
        my heart be broken/broke
        broken heart/toy/phone/washing/tooth/fridge/glasses/boiler/lift
        leave/leaving school/reception/nursery/year/college/work/hospital
        maternity/paternity/annual/sick/parental/compassionate leave
        took/take/taken tablet/tablets/calpol/paracetamol for/as headache/temperature/fever/prescribed/hayfever/cold/teething/period/allergy ~1
        tablet/tablets for school/homework/screen/christmas/games
        takes/taking/on tablets/medication/pills for adhd/epilepsy/asthma/thyroid/blood/diabetes/sleep/iron/anxiety ~1
        screen/ipad/amazon/samsung tablet/tablets
        new phone number/case/contract/plan/screen/for/birthday
        birthday/christmas phone
        new phone for/his/her birthday/christmas/school/secondary ~1
        two/2 phones on/contract/plan/upgrade/insurance
        buy/bought/got train tickets for/to holiday/trip/nan/nans/london/legoland/day/museum ~2
        hungry caterpillar/hippos
        always hungry/starving after/growth/because/growing school/spurt/swimming/growing/football/teenager/boy/lad/and ~1
        messy/untidy bedroom/room
        my teen/sons/daughters bedroom/room filthy/tip/messy/smelly ~2
        song/rap/lyrics/drill called/about
        alone time
        home alone film/movie/2/two/dvd
        watched/watching home alone
        leave it alone
        hasnt been alone
        run/running/ran out/late/club/nose/around/about/race/track/errands/for/bath/park/marathon/5k/first
        running/runny nose
        end it there/here/on/with
        end of term/year/school/month/week/day/holidays
        cut/shape out
        possessed by football/minecraft/idea
        dead/death by chocolate/lego
        life and death
        sick day/leave/note/bug/bowl/pay
        child/kids friendly
        drink/drinks/drinking milk/water/juice/squash/tea/coffee/enough/bottle/cup/from/calpol/pop/coke/well/more/formula
        social drink/drinks/drinking
        soft/hot/fizzy/energy drink/drinks
        using toilet/potty/computer/phone/ipad/spoon/tablet ~1
        on something else
        not/no bed/bedtime routine/wetting/time
        bed wetting/time/guard/rail
        no bedtime/bedroom/bed guard
        marks/mark on/in/for test/exam/paper/homework/sats/essay/times ~1
        good/low/high/full/top/bad marks
        birth/stork/question/exclamation/book/tick/check mark/marks
        birthmark/birthmarks
        left handed/over/overs/foot/hand/side/leg
        left his/her/my/it/them coat/bag/phone/lunch/homework/bottle/book/form/toy/jumper
        hate/hates broccoli/peas/school/maths/homework/vegetables/football/mondays/pe/uniform/sprouts/veg/bath/bedtime/coats
        {who} hate/hates me for/when/because/making broccoli/homework/bedtime/taking/telling/phone/ipad/tidy/xbox ~2
        called/calling names on/the/register
        shout/shouted out/about/instructions/answer/answers/encouragement/goal/hooray
        grandad/gran/nan/grandma/great/uncle/aunt die/died/passed/dead/funeral ~3
    """,
    "same_day": """
        could/cud/would/nearly {hit}/kill/strangle/throttle/murder him/her/them/kids/lot
        i could kill/strangle/throttle/murder him/her/them/kids/lot/someone ~1
        feel like killing/strangling him/her/them
        {child}/{sib} {hit}/{grip} me/us/him/her/them
    """,
}
"""Expressions that explain alarming words. They count only for words inside the expression; the rest still speaks."""

SAFE_NOW = """
    in prison now/and ~1
    hes in prison/jail
    years ago
    no contact
    moved away/on
    was years ago
    we/i divorced/separated/split
    left him/her years/ages/long
    safe now
    when i was kid/child/little/young/growing/younger
    hes/he died/dead/passed
    in the past
    been single since
    refuge now
    not with him/her anymore
"""
STILL_DANGER = """
    out/released/back/coming/bail/parole/appeal/found/turned/return/returning/again/still/scared/afraid/frightened/terrified/threatening/threat/messages/messaging/texting/ringing/follows/following/outside
    next week/month/friday/monday
    out soon
    contact again/with/kids
    now he/hes hits/hitting/does/doing
    sees the kids
"""
"""Said of the past, a harm may wait until today only with one of `SAFE_NOW` and none of `STILL_DANGER`."""

CUES: Mapping[str, tuple[str, str]] = {
    "now": (
        "now|today|present|threats|due|attacker|danger|happening",
        """
        right now
        now ~0
        at the moment
        as we speak
        this minute/second
        happening now/again
        hes/shes/theyre/he/she/they/dad/mum/stepdad/ex here/outside/downstairs/upstairs/coming/back/inside
        at/outside/banging/kicking/through the/my/on door/window/house ~1
        in the house/flat/room/bathroom/toilet/next ~0
        i can hear him/them/her
        hiding/locked in/from/under/myself
        hes/shes going/gonna/about to kill/hurt/hit/stab/come ~1
        on my/her/his way
        please hurry/quick/come
        quick/hurry
        with {child}/them/him/her/kids now
        trapped ~0
        """,
    ),
    "weapon": ("weapon|means", "{weapon} ~0;knives ~0;bomb/explosives ~0;hammer ~0;fire/petrol ~0;stab/shoot ~0"),
    "baby": (
        "baby|small child|young child",
        "baby ~0;newborn ~0;infant ~0;{num} week/weeks/wks/month/months old/baby/bruise ~1;{num} 52 ~0;toddler ~0",
    ),
    "injury": (
        "injury|hurt|has just happened|unwell|recent",
        """
        unconscious/unresponsive/bleeding/blood/concussion/fracture/fractured/stitches/ambulance/collapsed ~0
        broke/broken arm/leg/nose/rib/ribs/jaw/wrist/bone/bones ~2
        knocked out ~1
        passed/blacked out
        head injury
        hit/banged/bang/cracked my/her/his head ~1
        cant move/walk/see/stand/breathe
        wont stop bleeding/crying/being
        being/was sick
        hospital ~0
        face smashed/swollen/covered ~1
        """,
    ),
    "strangling": (
        "strangl|serious injury|threat to kill",
        "strangle/choke/throttle/suffocate/smother ~0;hand/hands round/around/on/over neck/throat/mouth ~2;by neck/throat ~1;couldnt/cant breathe",
    ),
    "kill": (
        "threat to kill|threats to life|threat now|live threat|want to die|suicide|talk of suicide",
        "kill/murder {whom}/me/us;kill/hurt/harm myself/himself/herself;want/wants to die;end my/it/his/her life/all ~1;suicidal/suicide ~0;going to/gonna kill ~1;death threat/threats;kms ~0",
    ),
    "locked": (
        "locked|kept in|held",
        "locked/lock/locks in/up/inside ~2;cant/wont/not get/let/leave out/house/leave/me ~2;trapped ~0;tied up;keep/kept/keeping me/her/him in/here/prisoner ~1",
    ),
    "pregnant": ("pregnant", "pregnant/pregnancy/expecting/bump ~0;weeks gone"),
    "children_present": (
        "children present|siblings|children still together",
        "in front of kids/children/me/us/baby/them/son/daughter ~1;kids/children/baby/son/daughter are/were/saw/here/upstairs/watching/there/screaming/crying/asleep ~0;with the kids/children",
    ),
    "leaving": (
        "leave|left",
        "left/leaving/leave him/her/home/tonight;get away/out ~1;pack/packed/packing bag/bags/case ~2",
    ),
    "taken_something": (
        "taken something|overdose|untreated",
        """
        took/taken/swallowed/necked/drank/drunk/downed/had all/pills/tablets/paracetamol/bleach/load/loads/box/packet/bottle/overdose/antidepressants/lots ~3
        overdose/overdosed/od ~0
        swallowed battery/bleach ~1
        """,
    ),
    "means": (
        "means or a plan|plan|bridge|railway",
        """
        bridge/railway/tracks/ledge/noose/rope/ligature/cliff ~0
        on the roof
        train line/station/tracks
        tonight ~0
        got/have/bought/saved/hiding/with the/pills/tablets/rope/blade/paracetamol/a/razor pills/tablets/rope/blade/paracetamol/razor ~2
        goodbye/goodbyes ~0
        written/wrote/left/writing a note/letter/letters ~1
        plan/planned/planning how/to/it ~0
        in front of train/car/lorry
        """,
    ),
    "travel": (
        "travel|abroad|abduct|moved|country",
        """
        flight/flights/airport/plane/tickets/fly/flying ~0
        tomorrow/tonight ~0
        next week
        this week/weekend
        booked ~0
        on friday/monday/saturday/sunday/tuesday/wednesday/thursday
        passport/passports gone/taken/hidden/packed ~1
        took/taken/hidden passport ~1
        already abroad/gone/there
        """,
    ),
    "missing": (
        "missing|no one knows who",
        "missing ~0;hasnt come home/back;dont know where ~0;not been seen ~1;gone since ~1;cant find ~0",
    ),
    "meeting": (
        "meeting planned|adult travelling|with the person|access today|with that person|suspect",
        "meet/meeting/see/seeing/picking/collecting/driving him/her/me/them/up/over/tonight/today/tomorrow tonight/today/tomorrow/later/after/now/saturday/friday ~3;on his/her/their way;with him/her/them now ~0;at his/their house/flat/hers now/tonight;going/staying/back to/at/with his/dads/theirs/uncles tonight/today/tomorrow ~2;has contact/him/her today/tonight/weekend/tomorrow ~1;lives with us/me/them/her/him ~0;in the house",
    ),
    "debt_due": (
        "debt due|threat due",
        "by tonight/tomorrow/friday/monday/midnight/today ~1;in/next an/hour/24/minutes hour/hours ~1;tonight ~0;or theyll/hell kill/stab/hurt/post/send ~1;come/coming to/for/after my/house/me/him ~1",
    ),
    "alone": (
        "alone|no food or heat|nowhere to go|without milk",
        "alone/own/unattended ~0;nobody here/home/in;no one here/home/in/with;baby ~0;tonight ~0;16/17 ~0",
    ),
    "very_ill": (
        "unwell|floppy|unconscious|serious illness|bleeding|not moving|labour|intoxicated",
        """
        floppy/limp/blue/grey/pale/drowsy/lethargic/sleepy/unresponsive/unconscious/fitting/seizure/vomiting/bleeding ~0
        wont/not/isnt/cant/hasnt wake/feed/feeding/moving/wake/fed/moved/respond ~1
        high temperature
        hard to wake
        passed out
        waters broke/gone/broken
        contractions/labour ~0
        stomach/tummy/belly pain/pains/cramps
        head swelling/swollen/injury
        """,
    ),
    "driving": ("driving", "drive/drives/driving/drove/car ~0"),
    "psychosis": (
        "psychosis|taking children",
        "voices ~0;psychosis/psychotic ~0;take/taking kids/them/baby with me ~1;devil/evil ~0",
    ),
    "act": (
        "about to act|attack|ritual|weapon",
        "about to ~0;going to/gonna hurt/hit/shake/kill/throw/snap/do ~1;tonight/tomorrow ~0;right now",
    ),
    "gas_cold": ("no food or heat", "baby/newborn/toddler ~0;nothing to eat;freezing ~0"),
}
"""What raises an indicator to an emergency: words to look for in its `raise_to_emergency_if` | words in the message."""

NOT_CUES = """
    for/until/till/up by/from/since now
    now and then/again
    up to now
    right now im/we/were/things fine/ok/good/okay/better
    he/she is fine/ok/safe now
    safe/fine/ok/better/settled/happier/calmer now
    now that
    just now
    baby group/groups/sitter/shower/food/clothes/sitting/massage/bank/monitor/gate
    like a baby
"""
"""Ordinary uses of cue words. They count only for the words inside them."""

OTHER_LANGUAGES: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "pl": {
        "physical_abuse": {
            "immediate": "pomocy;ratunku;on mnie bije;bije mnie;bije dziecko/dzieci;bije mame/mamę;uderzyl/uderzył mnie;boje/boję sie/się;maz/mąż mnie bije;jestem w niebezpieczenstwie/niebezpieczeństwie;niebezpieczenstwo/niebezpieczeństwo;dzwoncie na policje;przemoc domowa/w rodzinie/w domu;tata mnie bije;krzywdzi mnie/dziecko/dzieci;boi sie/się ojca/taty/domu;siniaki",
            "same_day": "policja/policje/policję;przemoc;krzywdzi;glodny/głodny/glodne/głodne;sam w domu;pomóż/pomoz/pomozcie/pomóżcie",
        },
        "child_self_harm_suicide": {
            "immediate": "chce/chcę umrzec/umrzeć;chce/chcę sie/się zabic/zabić;zabije/zabiję sie/się;samobojstwo/samobójstwo;tnie sie/się;nie chce/chcę zyc/żyć"
        },
        "weapon": {
            "immediate": "zabije/zabiję cie/mnie/ja/nas;grozi ze/że mnie/nas/zabije;noz/nóż/noza/nożem/nozem"
        },
        "sexual_abuse": {"immediate": "gwalt/gwałt;zgwalcil/zgwałcił;dotyka mnie;molestuje;molestowal/molestował"},
        "death_of_child": {"emergency": "nie oddycha;nie moge/mogę obudzic/obudzić"},
    },
    "ro": {
        "physical_abuse": {
            "immediate": "ajutor;ajutati/ajutați;ma/mă bate;ne bate;bate copilul/copiii/copii;mi e frica/frică;mie frica/frică;sunt in/în pericol;pericol;violenta/violență domestica/domestică;tata ma/mă bate;sotul/soțul ma/mă bate;ma/mă loveste/lovește;vanatai/vânătăi;salvati/salvați ma/mă",
            "same_day": "politia/poliția;violenta/violență;abuz;frica/frică;foame;singur acasa/acasă",
        },
        "child_self_harm_suicide": {
            "immediate": "vreau sa/să mor;vreau sa/să ma/mă omor/sinucid;sinucidere/sinucid;ma/mă omor;nu mai vreau sa/să traiesc/trăiesc;ma/mă tai"
        },
        "weapon": {"immediate": "ma/mă omoara/omoară;ne omoara/omoară;cutit/cuțit;ma/mă ameninta/amenință"},
        "sexual_abuse": {"immediate": "viol/violat/violata/violată;ma/mă atinge;abuz sexual"},
        "modern_slavery_trafficking": {"immediate": "mi a luat pasaportul/pașaportul;trafic de persoane"},
        "death_of_child": {"emergency": "nu respira/respiră"},
    },
    "pa": {
        "physical_abuse": {
            "immediate": "ਮਦਦ;ਮੈਨੂੰ ਮਾਰਦਾ;ਮਾਰਦਾ/ਮਾਰਦੀ/ਮਾਰਦੇ;ਕੁੱਟਦਾ/ਕੁੱਟਦੀ/ਕੁੱਟਦੇ;ਬਚਾਓ;ਡਰ;ਖ਼ਤਰਾ/ਖਤਰਾ;bachao;mainu marda/mardi/marde/kutda/kuttda;menu marda/mardi/kutda/kuttda;marda hai/aa/ae;kutda hai/aa/ae;madad karo/chahidi/krdo;mainu dar lagda;menu dar lagda;mainu bachao",
            "same_day": "ਪੁਲਿਸ;madad;khatra;dar lagda",
        },
        "child_self_harm_suicide": {
            "immediate": "ਮਰਨਾ ਚਾਹੁੰਦਾ/ਚਾਹੁੰਦੀ;ਖੁਦਕੁਸ਼ੀ;khudkushi;marna chaunda/chahundi/chaundi/chahunda;mar jana chaundi/chaunda"
        },
        "weapon": {"immediate": "ਚਾਕੂ;ਮਾਰ ਦੇਵੇਗਾ/ਦੇਣਗੇ;maar dega/dange/devega;mar dega/dange/devega;chaku;chaaku"},
        "forced_marriage": {"immediate": "zabardasti viah/vyah/shadi;ਜ਼ਬਰਦਸਤੀ ਵਿਆਹ"},
    },
    "ur": {
        "physical_abuse": {
            "immediate": "مدد;بچاؤ;مجھے مارتا/مارتی/مارتے;مارتا ہے;مارتے ہیں;خطرہ;ڈر لگتا;تشدد;گھریلو تشدد;mujhe marta/maarta/marti/maarti/marte/maarte;mujhe bachao/bachaao;marta hai/h;maarta hai/h;mujhe dar lagta;mujhay marta/maarta;shohar marta/maarta;abbu marte/maarte/marta/maarta;ghar mein tashadud;meri madad karo/karein;mujhe madad",
            "same_day": "پولیس;tashadud;zulm;khatray;madad;dar lagta",
        },
        "child_self_harm_suicide": {
            "immediate": "خودکشی;مرنا چاہتا/چاہتی;khudkushi;marna chahta/chahti;mar jana chahta/chahti;jeena nahi chahta/chahti"
        },
        "weapon": {
            "immediate": "چاقو;قتل;مار ڈالے/دے;jaan se maar/mar;mar dalega/denge/dega/dalenge;maar dalega/denge/dega/dalenge;qatal"
        },
        "forced_marriage": {"immediate": "زبردستی شادی;جبری شادی;zabardasti shadi/shaadi/nikah;jabri shadi"},
        "honour_based_abuse": {"immediate": "غیرت;ghairat"},
        "sexual_abuse": {"immediate": "زیادتی;ریپ"},
    },
    "ar": {
        "physical_abuse": {
            "immediate": "النجدة;انقذوني/أنقذوني;ساعدوني/ساعدني/ساعديني;يضربني/بيضربني/تضربني/ضربني/يضربنا/بيضربنا;يضرب امي/أمي/اولادي/أولادي/الاطفال/الأطفال;خائفة/خايفة/خائف/خايف;خطر;في خطر;عنف منزلي/اسري/أسري;عنف;musaada;saaduni;yadrabni;bidrabni;byidrabni;ana khayfa/khayef",
            "same_day": "مساعدة;الشرطة/شرطة;جائع/جوعان",
        },
        "child_self_harm_suicide": {
            "immediate": "انتحار/انتحر/الانتحار;اريد/أريد/بدي/ابغى ان/أن/اموت/أموت/اقتل نفسي;اريد/أريد/بدي اموت/أموت;اقتل/أقتل نفسي"
        },
        "weapon": {"immediate": "سكين;سيقتلني/يقتلني/هيقتلني/رح يقتلني;سيقتلنا/يقتلنا;سلاح;القتل/قتل"},
        "sexual_abuse": {"immediate": "اغتصاب/اغتصبني;تحرش/يتحرش/تحرش بي;يلمسني"},
        "forced_marriage": {"immediate": "زواج قسري/بالقوة/اجباري/إجباري;يجبرونني/يجبروني على الزواج"},
        "fgm": {"immediate": "ختان/الختان"},
        "death_of_child": {"emergency": "لا يتنفس;لا تتنفس;ما بيتنفس"},
    },
    "bn": {
        "physical_abuse": {
            "immediate": "সাহায্য/বাঁচাও;আমাকে মারে/মারছে/মারধর;মারধর/মারে/মারছে;ভয় পাচ্ছি/লাগছে/করে;বিপদ/বিপদে;নির্যাতন;amake mare/marche/marse/maar;amake bachao;bachao amake;amare mare;voy lagche/pacchi/kore;bhoy lagche/pacchi;shahajjo/sahajjo korun/koro/lagbe;swami mare/marche;nirjaton",
            "same_day": "পুলিশ;shahajjo;sahajjo",
        },
        "child_self_harm_suicide": {"immediate": "আত্মহত্যা;মরতে চাই;morte chai;attohotta;atmohotya;bachte chai na"},
        "weapon": {"immediate": "ছুরি;মেরে ফেলবে;mere felbe;churi"},
        "forced_marriage": {"immediate": "জোর করে বিয়ে;jor kore biye"},
        "sexual_abuse": {"immediate": "ধর্ষণ;dhorshon"},
    },
    "so": {
        "physical_abuse": {
            "immediate": "i caawi/caawiya/caawin;caawimaad/caawimo/gargaar;wuu i garaacaa/dilaa/dhibaa;way i garaacdaa;i garaaca/garaacaa/garaacay;garaac/garaaca carruurta/ilmaha;waan baqayaa/cabsanayaa;cabsi;khatar;i badbaadi/badbaadiya;ninkaygu wuu",
            "same_day": "booliska/boolis/bilayska;rabshad/tacaddi",
        },
        "fgm": {
            "immediate": "gudniin/gudniinka fircooni/gabdho/gabar/gabdhaha;gudniinka gabdhaha;gudniin;halaalays"
        },
        "weapon": {"immediate": "mindi/toorey;wuu i dilayaa;i dili doonaa/doonaan"},
        "child_self_harm_suicide": {"immediate": "isdil/isdili;is dil;waxaan rabaa inaan dhinto"},
        "sexual_abuse": {"immediate": "kufsi/kufsaday"},
        "forced_marriage": {"immediate": "guur khasab/qasab"},
    },
    "uk": {
        "physical_abuse": {
            "immediate": "допоможіть/допоможи/рятуйте;мене бє/бють/побив;він мене бє/бив/побив;він бє мене;бє мене/дітей/дитину/маму;чоловік бє/мене;я боюся/боюсь;боюся/боюсь;небезпека/небезпеці;насильство/насильство в домашнє;синці;помогите;бьет/бьёт меня/детей;он меня бьет/бьёт;мне страшно;я боюсь",
            "same_day": "поліція/поліцію/полиция/полицию;допомога/допомоги;голодна/голодні/голодний",
        },
        "child_self_harm_suicide": {
            "immediate": "хочу померти/вмерти/умереть;самогубство/самоубийство/суїцид/суицид;вбю/убью себе/себя;не хочу жити/жить;ріже/режет себе/себя"
        },
        "weapon": {
            "immediate": "ніж/нож/ножем/ножом;вбє/убє/убьет/убьёт мене/нас/меня;вбити/убить мене/меня/нас;погрожує/угрожает"
        },
        "sexual_abuse": {"immediate": "зґвалтував/зґвалтування/изнасиловал/изнасилование;торкається мене"},
        "death_of_child": {"emergency": "не дихає/дышит"},
    },
    "pt": {
        "physical_abuse": {
            "immediate": "socorro;ajuda me;me ajuda/ajude/ajudem;ajudem me;ele/ela me bate/bateu/machuca;bate me/em mim/nos;ele/ela/marido/pai bate/bateu em/me/mim/nos;tenho medo/pavor;estou com medo;estou em perigo;perigo;violencia/violência domestica/doméstica;apanho em casa;meu pai/marido/padrasto me bate;hematomas/nódoas negras",
            "same_day": "policia/polícia;ajuda;violencia/violência;fome",
        },
        "child_self_harm_suicide": {
            "immediate": "quero morrer;quero me matar;me matar;suicidio/suicídio;nao/não quero viver;cortar me;me corto"
        },
        "weapon": {"immediate": "faca;vai me matar;matar me;ameaça/ameaca/ameaçou;arma"},
        "sexual_abuse": {"immediate": "estupro/violação/violacao/violada/estuprada;abuso sexual;me toca/tocou"},
        "death_of_child": {"emergency": "nao/não respira;nao/não esta/está respirando"},
    },
    "es": {
        "physical_abuse": {
            "immediate": "socorro;ayuda me/por;ayudame/ayúdame/ayudenme/ayúdenme;me pega/golpea/maltrata/pegó/pego;mi padre/papá/papa/marido/esposo/novio/pareja me pega/golpea/maltrata;pega a mi/los/mis/mi mama/hijos/niños;tengo miedo;estoy en peligro;peligro;violencia domestica/doméstica/machista/género;moretones",
            "same_day": "policia/policía;ayuda;violencia;maltrato;hambre",
        },
        "child_self_harm_suicide": {
            "immediate": "quiero morir/morirme;quiero matarme;me quiero matar/morir;suicidio/suicidarme;no quiero vivir;me corto"
        },
        "weapon": {
            "immediate": "cuchillo/navaja;me va a matar;va a matarme;nos va a matar;amenaza/amenazó/amenaza"
        },
        "sexual_abuse": {"immediate": "violacion/violación/violó/violo;abuso sexual;me toca/tocó/toco"},
        "death_of_child": {"emergency": "no respira"},
    },
    "tr": {
        "physical_abuse": {
            "immediate": "imdat;yardım/yardim edin/et;beni dövüyor/dovuyor/dövdü/dovdu;bana vuruyor/vurdu;dövüyor/dovuyor;çocukları/cocuklari dövüyor/dovuyor;korkuyorum;tehlikedeyim;tehlike;şiddet/siddet;aile içi/ici şiddet/siddet;kocam beni;babam beni dövüyor/dovuyor;kurtarın/kurtarin",
            "same_day": "yardım/yardim;korkuyor",
        },
        "child_self_harm_suicide": {
            "immediate": "ölmek/olmek istiyorum;intihar;kendimi öldüreceğim/oldurecegim/kesiyorum;yaşamak/yasamak istemiyorum"
        },
        "weapon": {"immediate": "bıçak/bicak;öldürecek/oldurecek;beni öldürür/oldurur;tehdit ediyor;silah"},
        "sexual_abuse": {"immediate": "tecavüz/tecavuz;taciz;bana dokunuyor"},
        "forced_marriage": {"immediate": "zorla evlendiriyorlar/evlendirmek/evlilik"},
        "death_of_child": {"emergency": "nefes almıyor/almiyor"},
    },
    "ku": {
        "physical_abuse": {
            "immediate": "alîkarî/alikari;hawar;ew li min dixe/dide;li min dixe/dide;ez ditirsim;xeter/talûke;یارمەتی/یارمەتیم;هاوار;لێم دەدات/ئەدات/دەدا;دەترسم/ئەترسم;مەترسی;توندوتیژی",
            "same_day": "پۆلیس",
        },
        "weapon": {"immediate": "kêr/kard;min dikuje;dikuje;چەقۆ;دەمکوژێت/ئەمکوژێت/دەمکوژن"},
        "child_self_harm_suicide": {"immediate": "xwe bikujim;خۆم دەکوژم/بکوژم;خۆکوشتن"},
        "honour_based_abuse": {"immediate": "namûs/namus;نامووس"},
    },
    "gu": {
        "physical_abuse": {"immediate": "મદદ/બચાવો;મને મારે/મારતા;મારે છે;ડર લાગે;mane mare chhe/che;bachavo"},
        "child_self_harm_suicide": {"immediate": "આત્મહત્યા;મરવું છે;aatmahatya"},
    },
    "fa": {
        "physical_abuse": {
            "immediate": "کمک/کمکم;مرا/منو/من میزند/میزنه/میزنن;مرا/منو/من می زند/زنه;کتکم می/میزند/میزنه;میترسم/می ترسم;خطر;komak konid/kon;mano mizane;mitarsam"
        },
        "child_self_harm_suicide": {"immediate": "خودکشی;میخواهم/میخوام بمیرم;khodkoshi"},
        "weapon": {"immediate": "چاقو;میکشد/میکشه;تهدید"},
    },
    "ps": {"physical_abuse": {"immediate": "مرسته;ما وهي;ویریږم;خطر"}},
    "sq": {
        "physical_abuse": {"immediate": "ndihmë/ndihme;me/më rreh/godet/rrah;kam frikë/frike;rrezik;dhunë/dhune"},
        "child_self_harm_suicide": {"immediate": "dua te/të vdes;vetëvrasje/vetevrasje"},
        "weapon": {"immediate": "thikë/thike;me/më vret/vras;do me/më vrase/vrasë"},
    },
    "vi": {
        "physical_abuse": {
            "immediate": "cứu/cuu tôi/toi/em/với;đánh/danh tôi/toi/em;sợ/so lắm;nguy hiểm/hiem;bạo lực;giúp/giup tôi/em"
        },
        "child_self_harm_suicide": {"immediate": "muốn/muon chết/chet;tự/tu tử/tu"},
        "modern_slavery_trafficking": {"immediate": "buôn người;giữ hộ chiếu"},
    },
    "it": {
        "physical_abuse": {
            "immediate": "aiuto;aiutatemi/aiutami;mi picchia/picchiano/picchiato;ho paura;pericolo;violenza domestica"
        },
        "child_self_harm_suicide": {"immediate": "voglio morire;suicidio;mi taglio;voglio uccidermi"},
        "weapon": {"immediate": "coltello;mi uccide;vuole uccidermi;minaccia"},
        "sexual_abuse": {"immediate": "stupro;mi tocca;violentata"},
    },
    "fr": {
        "physical_abuse": {
            "immediate": "au secours;aidez moi;il/elle me frappe/bat/tape;mon pere/père/mari me frappe/bat/tape;jai peur;je suis en danger;violence conjugale/conjugales"
        },
        "child_self_harm_suicide": {"immediate": "je veux mourir;me suicider;envie de mourir"},
        "weapon": {"immediate": "couteau;va me tuer;me tuer"},
        "sexual_abuse": {"immediate": "viol/violée/violee;me touche"},
        "death_of_child": {"emergency": "ne respire plus/pas;respire plus/pas"},
    },
    "ti": {"physical_abuse": {"immediate": "ሓግዙኒ/ሓገዝ;ይወቅዓኒ;ይፈርሕ;ሓደጋ"}},
    "zh": {
        "physical_abuse": {
            "immediate": "救 命;打 我;家 暴;虐 待;很 害 怕;好 驚;危 險;危 险;帮 帮 我;幫 幫 我",
            "same_day": "报 警;報 警;警 察",
        },
        "child_self_harm_suicide": {"immediate": "自 杀;自 殺;想 死;不 想 活"},
        "weapon": {"immediate": "杀 我;殺 我;刀"},
        "sexual_abuse": {"immediate": "强 奸;強 姦;性 侵"},
    },
}
"""For review by someone who speaks the language. Two-letter codes; the Russian words stand with the Ukrainian."""

GUESSED = (
    "strangle strangled strangling choke choked bruise bruises bruised bruising touched touching raped raping abuse abused "
    "abusing abuser sexual sexually molest molested assault assaulted suicide suicidal suicidle overdose overdosed tablets "
    "paracetamol antidepressants pregnant pregnancy scared frightened terrified petrified knife machete weapon threaten threatened "
    "threatening violent violence hitting beating beaten hurting batter battered punched punching slapped slapping kicking "
    "smacked smacking stabbed stabbing bleeding breathing unconscious collapsed missing vanished hungry starving neglect "
    "neglected filthy bullied bullying partner boyfriend girlfriend husband stepdad stepmum stepfather daughter brother sister "
    "children police prison nudes naked blackmail blackmailing marry married marriage passport abroad cutting myself herself "
    "himself danger dangerous trapped locked alone drunk drinking drugs cocaine heroin alcoholic cannabis exploited "
    "exploitation groomed grooming trafficked kidnap kidnapped controlling murder killing shooting screaming shouting "
    "ambulance hospital homeless evicted nowhere sectioned anorexia hanging depressed hopeless goodbye tonight uncle "
    "grandad attacked attack burning bitten safeguarding disclosed kill help hurt please stop happened again kicked gun "
    "swallow swallowed swallowing"
)
"""Words looked for behind spelling mistakes and in words run together."""

ORDINARY = (
    "along attach attached attic bother broth brothel chose choice chosen dagger dancer helper helpers locker named nodes racing "
    "rapid rated rating rapper scoped scopes stored stores storing streaming swapped violet strange strangely stranger polite "
    "amuse amused amusing looked licked lacked hunting hurling hunger beading bearing beacon snapped snapping slipped tapped "
    "tripped pinched launched kidding burying bitter kitten sacred shared spared stared scarce scored mixing drags drums "
    "dancer ranger aboard broad clone tables sitter mister murmur breeding breading groaned groomer starting starring staring "
    "dudes banter barter butter better against snacked kicker carving prism poison pleased pleasant phase stomped knight "
    "marred hungary hinging banging changing stoops tonic kilts hurst kilos hopping evicting stacked stepped wrapped smocked "
    "racing hello hells hotel heart hearing heating health drawing dragging prisms kitted litter ladder lately loved "
    "wallow wallowed hallowed followed shallow swallows"
)
"""Real words one or two letters from a word of `GUESSED`. They are never taken for a mistake."""
